import { type ZodType, z } from 'zod'
import type { Endpoint } from '../http/endpoint.ts'

type Schema = Record<string, unknown>

/** The OpenAPI 3.1 description of the endpoints, made from their declarations alone. */
export function openApi(endpoints: readonly Endpoint[], version: string): Schema {
  const paths: Record<string, Schema> = {}
  const schemas: Schema = { Envelope: envelope({ type: 'object' }), Problem: problemSchema }
  for (const endpoint of endpoints) {
    const path = `/api/${endpoint.route.replace(/\{(\w+)[^}]*\}/g, '{$1}')}`
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(endpoint, schemas) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Slipway',
      version,
      description: 'The control plane for machine-learning clusters on Azure.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' } },
      schemas,
    },
  }
}

function operation(endpoint: Endpoint, schemas: Schema): Schema {
  const { name, summary, role, request, response, dryRun, status = 200 } = endpoint
  const json = (schema: ZodType, part: string) => jsonSchema(schema, `${name}.${part}`, schemas)
  const payloads = [response ? json(response, 'response') : { type: 'object' }, ...(dryRun ? [json(dryRun, 'dryRun')] : [])]
  return {
    operationId: name,
    summary,
    tags: [name.split('-')[0]],
    ...(role === 'none' ? { security: [] } : { security: [{ apiKey: [] }], 'x-role': role }),
    parameters: parameters(endpoint, json),
    ...(request && { requestBody: { required: true, content: content(json(request, 'request')) } }),
    responses: {
      [status]: {
        description: 'Done as asked',
        content: content(envelope(payloads.length > 1 ? { anyOf: payloads } : (payloads[0] ?? {}))),
      },
      ...(role !== 'none' && { 403: { description: 'The key is missing, wrong or not enough', content: { 'text/plain': {} } } }),
      default: { description: 'A problem', content: content({ $ref: '#/components/schemas/Envelope' }) },
    },
  }
}

function parameters({ route, method, role, params, query, dryRun }: Endpoint, json: (schema: ZodType, part: string) => Schema): Schema[] {
  const of = (place: 'path' | 'query', schema: ZodType | undefined): Schema[] => {
    const { properties = {}, required = [] } = (schema ? json(schema, place) : {}) as { properties?: Schema; required?: string[] }
    return Object.entries(properties).map(([name, schema]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      schema,
    }))
  }
  const path = of('path', params)
  const undeclared = [...route.matchAll(/\{(\w+)/g)].flatMap(([, name]) => (path.some((one) => one.name === name) ? [] : [name]))
  return [
    ...path,
    ...undeclared.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...of('query', query),
    ...(dryRun ? [{ name: 'dryRun', in: 'query', description: 'Only say what would be done', schema: { type: 'boolean' } }] : []),
    ...(method === 'POST' && role !== 'none'
      ? [
          {
            name: 'Idempotency-Key',
            in: 'header',
            description: 'The same key and body get the same answer',
            schema: { type: 'string', maxLength: 255 },
          },
        ]
      : []),
  ]
}

/** As callers write it and read it. What refers to itself becomes a schema of the document: a reference counts from the document's root. */
function jsonSchema(schema: ZodType, name: string, schemas: Schema): Schema {
  const text = JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
  const { $schema: _, $defs = {}, ...rest } = JSON.parse(text.replaceAll('"#/$defs/', `"#/components/schemas/${name}.`)) as Schema
  for (const [part, definition] of Object.entries($defs as Schema)) schemas[`${name}.${part}`] = definition
  return rest
}

const content = (schema: Schema): Schema => ({ 'application/json': { schema } })

const envelope = (payload: Schema): Schema => ({
  type: 'object',
  required: ['apiVersion', 'status', 'code', 'message'],
  properties: {
    apiVersion: { const: 'v1' },
    status: { enum: ['ok', 'error'] },
    code: { type: 'integer', description: 'The HTTP status' },
    message: { type: 'string' },
    payload,
    error: { $ref: '#/components/schemas/Problem' },
  },
})

const problemSchema: Schema = {
  type: 'object',
  required: ['code', 'message', 'retryable'],
  properties: {
    code: { type: 'string' },
    message: { type: 'string' },
    remedy: { type: 'string', description: 'What fixes it, often a command' },
    field: { type: 'string', description: 'Path of the field at fault' },
    action: { type: 'string', description: 'The Azure action that is missing' },
    scope: { type: 'string' },
    azureCode: { type: 'string' },
    resource: { type: 'string' },
    retryable: { type: 'boolean', description: 'Whether the same call can succeed later without anybody changing anything' },
    retryAfter: { type: 'number', description: 'Seconds' },
  },
}
