import { z } from 'zod'
import { defineEndpoint } from '../../../shared/http/endpoint.ts'
import { reply } from '../../../shared/http/reply.ts'
import { newKey } from '../../../shared/keys/key.ts'
import { createKeyStore } from '../../../shared/keys/key-store.ts'
import { ProblemError } from '../../../shared/problem.ts'
import { testServices } from '../../services.ts'
import { frontDoorClient } from './front-door-client.ts'

const firstKey = newKey()
const services = testServices({ SLIPWAY_FIRST_KEY: firstKey, SLIPWAY_BODY_LIMIT: '100000' })
const ask = frontDoorClient(services)
const headers = { 'x-api-key': firstKey }

const base = { method: 'POST', route: 'boats', summary: 'Build a boat' } as const
const build = defineEndpoint({
  ...base,
  name: 'boats-build',
  role: 'operator',
  status: 202,
  request: z.object({ boat: z.object({ name: z.string(), length: z.number().int().default(10) }) }),
  query: z.object({ colour: z.string().optional() }),
  response: z.object({ name: z.string(), length: z.number(), by: z.string() }),
  dryRun: z.object({ plan: z.string() }),
  handler: async ({ body: { boat }, caller, dryRun }) => {
    if (dryRun) return { plan: `build ${boat.name}` }
    if (boat.name === 'crash') throw new Error('the text of a bug')
    if (boat.name === 'taken') throw new ProblemError({ code: 'conflict', message: 'A boat is 100% of this name.', retryable: false })
    if (boat.name === 'azure')
      throw new ProblemError({ code: 'throttled', message: 'Azure asks to wait.', retryable: true, retryAfter: 6.2 })
    const payload = { name: boat.name, length: boat.length, by: caller.name }
    return boat.name === 'slow' ? reply(payload, { headers: { 'Operation-Location': '/api/operations/1' } }) : payload
  },
})
const stop = defineEndpoint({ ...base, method: 'PUT', name: 'boats-stop', role: 'reader', handler: async () => {} })
const buildNamed = (name: unknown) => ask(build, { headers, body: { boat: { name } } })

test('an answer comes in the envelope, its code the status', async () => {
  const { status, envelope, headers } = await buildNamed('Marie')
  expect(status).toBe(202)
  expect(envelope).toEqual({
    apiVersion: 'v1',
    status: 'ok',
    code: 202,
    message: 'ok',
    payload: { name: 'Marie', length: 10, by: 'first key' },
  })
  expect(headers).toMatchObject({ 'Content-Type': 'application/json; charset=utf-8', 'X-Request-Id': expect.stringMatching(/^request-/) })
})

test('a handler adds headers of its own', async () => {
  const { status, headers } = await buildNamed('slow')
  expect(status).toBe(202)
  expect(headers['Operation-Location']).toBe('/api/operations/1')
})

test('an endpoint that answers nothing still answers a JSON object, and ignores a body', async () => {
  const { status, envelope } = await ask(stop, { headers, body: 'not json' })
  expect(status).toBe(200)
  expect(envelope).toMatchObject({ code: 200, payload: {} })
})

test('without a good key the answer is 403 in plain text', async () => {
  for (const key of [undefined, '', 'swk_wrong', newKey()]) {
    const { status, headers, text } = await ask(build, { headers: key === undefined ? {} : { 'x-api-key': key }, body: {} })
    expect(status).toBe(403)
    expect(headers['Content-Type']).toBe('text/plain; charset=utf-8')
    expect(text).toMatch(/^The API key is missing, wrong/)
  }
})

test('a key with too small a role is told what it lacks', async () => {
  const { key } = await createKeyStore(services.tables, services.clock).create({ name: 'dashboard', role: 'reader', createdBy: 'test' })
  const { status, text } = await ask(build, { headers: { 'x-api-key': key }, body: {} })
  expect([status, text]).toEqual([403, 'This needs the role operator; dashboard has the role reader.'])
  expect((await ask(stop, { headers: { 'x-api-key': key } })).status).toBe(200)
})

test.each([
  [{ boat: { name: 7 } }, 'boat.name'],
  [{ boat: { name: 'a', length: '10' } }, 'boat.length'],
  [{}, 'boat'],
  [undefined, 'body'],
  ['{"boat":', 'body'],
  [Buffer.from('{"boat":{"name":"\xff"}}', 'latin1'), 'body'],
  [`{"boat":{"name":"deep"},"ignored":${'['.repeat(50)}${']'.repeat(50)}}`, 'body'],
  [{ boat: { name: 'wide' }, ignored: Array(25_000).fill(1) }, 'body'],
])('a body that does not fit (%#) is 400 with the path of the field', async (body, field) => {
  const { status, envelope } = await ask(build, { headers, body })
  expect(status).toBe(400)
  expect(envelope).toMatchObject({ code: 400, status: 'error', error: { code: 'invalid', field } })
  expect(envelope.message).toMatch(new RegExp(`^${field}: `))
})

test('an answer repeats little of what was sent', async () => {
  const request = z.strictObject({ crew: z.record(z.string(), z.string()) })
  const crew = defineEndpoint({ ...base, name: 'crew', role: 'operator', request, handler: async () => {} })
  const name = 'x'.repeat(90_000)
  for (const body of [{ crew: { [name]: 1 } }, { crew: {}, [name]: 1 }]) {
    const { status, text } = await ask(crew, { headers, body })
    expect(status).toBe(400)
    expect(text.length).toBeLessThan(2000)
  }
})

test('a body cannot change what objects inherit', async () => {
  const { status, envelope } = await ask(build, {
    headers,
    body: '{"boat":{"name":"Marie","__proto__":{"length":7}},"__proto__":{"boat":{"name":"crash"}},"constructor":{"prototype":{"by":"me"}}}',
  })
  expect([status, envelope.payload]).toEqual([202, { name: 'Marie', length: 10, by: 'first key' }])
  expect({}).not.toHaveProperty('by')
})

test('fields that nobody knows are ignored', async () => {
  expect((await ask(build, { headers, body: { boat: { name: 'Marie', mast: 2 }, cloud: 'x' } })).status).toBe(202)
})

test('a body that is too large is 413, by its length alone or by what arrives', async () => {
  expect((await ask(build, { headers, body: 'x'.repeat(100_001) })).status).toBe(413)
  expect((await ask(build, { headers: { ...headers, 'content-length': '100001' } })).status).toBe(413)
})

test('a problem keeps its code, and no percent sign reaches the client', async () => {
  const { status, envelope } = await buildNamed('taken')
  expect(status).toBe(409)
  expect(envelope.message).toBe('A boat is 100 percent of this name.')
  expect(envelope.error).toMatchObject({ code: 'conflict', message: envelope.message, retryable: false })
})

test('what can be tried later says when', async () => {
  const { status, headers } = await buildNamed('azure')
  expect([status, headers['Retry-After']]).toEqual([503, '7'])
})

test('a bug is told to the log, not to the caller', async () => {
  const { status, envelope, text, headers } = await buildNamed('crash')
  expect([status, envelope.code]).toEqual([500, 500])
  expect(text).not.toContain('the text of a bug')
  expect(services.logged).toContainEqual({
    event: 'request-crashed',
    fields: { endpoint: 'boats-build', requestId: headers['X-Request-Id'], error: expect.stringContaining('the text of a bug') },
  })
})

test('a dry run answers the plan with 200', async () => {
  const { status, envelope } = await ask(build, { headers, body: { boat: { name: 'Marie' } }, query: { dryRun: 'true' } })
  expect([status, envelope.payload]).toEqual([200, { plan: 'build Marie' }])
})

test('a dry run where there is none is refused, not carried out', async () => {
  expect((await ask(stop, { headers, query: { dryRun: 'true' } })).envelope).toMatchObject({ code: 400, error: { field: 'dryRun' } })
  for (const query of [{ dryRun: 'yes' }, { dryRun: 'true,false' }, { dryrun: 'true' }, { dry_run: 'true' }]) {
    expect((await ask(build, { headers, query, body: { boat: { name: 'Marie' } } })).status).toBe(400)
  }
})
