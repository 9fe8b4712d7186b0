import { z } from 'zod'
import { openApi } from '../../../shared/docs/openapi.ts'
import { defineEndpoint, type Endpoint } from '../../../shared/http/endpoint.ts'

const endpoint = defineEndpoint({
  name: 'boats-build',
  method: 'POST',
  route: 'docks/{dock:int}/boats/{boatId}',
  role: 'operator',
  summary: 'Build a boat',
  status: 202,
  params: z.object({ dock: z.coerce.number().int(), boatId: z.string().max(10) }),
  query: z.object({ limit: z.coerce.number().default(5) }),
  request: z.object({ name: z.string(), length: z.number().default(10) }),
  response: z.object({ id: z.string() }),
  dryRun: z.object({ plan: z.string() }),
  handler: async () => ({ id: '1' }),
})
const describe = () => openApi([endpoint], '1.2.3') as { paths: Record<string, Record<string, Record<string, unknown>>> }
const operation = () => describe().paths['/api/docks/{dock}/boats/{boatId}']?.post ?? {}

test('an endpoint is described under its path with its parameters', () => {
  expect(operation()).toMatchObject({
    operationId: 'boats-build',
    summary: 'Build a boat',
    security: [{ apiKey: [] }],
    'x-role': 'operator',
  })
  expect(operation().parameters).toEqual([
    expect.objectContaining({ name: 'dock', in: 'path', required: true }),
    { name: 'boatId', in: 'path', required: true, schema: { type: 'string', maxLength: 10 } },
    expect.objectContaining({ name: 'limit', in: 'query', required: false }),
    expect.objectContaining({ name: 'dryRun', in: 'query' }),
    expect.objectContaining({ name: 'Idempotency-Key', in: 'header' }),
  ])
})

test('a body is described as callers write it: what has a default may be left out', () => {
  expect(operation().requestBody).toMatchObject({
    required: true,
    content: { 'application/json': { schema: { type: 'object', required: ['name'] } } },
  })
})

const enveloped = (required: string) => ({
  content: { 'application/json': { schema: { properties: { payload: { required: [required] } } } } },
})

test('the answer is the envelope around what the endpoint answers, and a dry run has one of its own', () => {
  expect(operation().responses).toMatchObject({
    200: enveloped('plan'),
    202: { ...enveloped('id'), headers: { 'Operation-Location': {}, 'Retry-After': {}, 'Idempotent-Replayed': {} } },
  })
})

test('where a dry run has the status of the real answer, either can come', () => {
  const described = openApi([{ ...endpoint, status: 200 }], '1.2.3') as ReturnType<typeof describe>
  const either = {
    payload: {
      anyOf: [
        { title: 'Done', required: ['id'] },
        { title: 'Dry run', required: ['plan'] },
      ],
    },
  }
  expect(described.paths['/api/docks/{dock}/boats/{boatId}']?.post?.responses).toMatchObject({
    200: { content: { 'application/json': { schema: { properties: either } } } },
  })
})

test('an endpoint that answers a document has no envelope', () => {
  const { dryRun: _, ...plain } = endpoint
  const described = openApi([{ ...plain, document: 'text/calendar' }], '1.2.3') as ReturnType<typeof describe>
  expect(described.paths['/api/docks/{dock}/boats/{boatId}']?.post?.responses).toMatchObject({
    202: { content: { 'text/calendar': { schema: { required: ['id'] } } } },
  })
})

test('the problems that an endpoint can answer are named, and no others', () => {
  const statuses = (changes: Partial<Endpoint>) => {
    const { paths } = openApi([{ ...endpoint, ...changes }], '1.2.3') as ReturnType<typeof describe>
    return Object.values(paths).flatMap((methods) => Object.values(methods).flatMap(({ responses }) => Object.keys(responses ?? {})))
  }
  expect(statuses({})).toEqual(['200', '202', '400', '403', '404', '409', '413', '422', '429', '503', 'default'])
  expect(statuses({ method: 'GET', role: 'none', route: 'boats' })).not.toEqual(expect.arrayContaining(['403', '404', '409', '422', '429']))
})

test('whatever the document refers to is in it', () => {
  const document = describe()
  for (const [, place = ''] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    expect([place, place.split('/').reduce<unknown>((part, name) => (part as Record<string, unknown>)?.[name], document)]).toEqual([
      place,
      expect.anything(),
    ])
  }
})

test('a schema that contains itself is found where the document refers to it', () => {
  const Plan: z.ZodType = z.lazy(() => z.object({ steps: z.array(Plan) }))
  const planned = { ...endpoint, response: z.object({ plan: Plan }) }
  const document = openApi([planned], '1.2.3') as { components: { schemas: object } }
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name)
  expect(references).toContainEqual(expect.stringContaining('boats-build.response'))
  for (const name of references) expect(Object.keys(document.components.schemas)).toContain(name)
  expect(JSON.stringify(document)).not.toContain('$defs')
})
