import type { ZodType } from 'zod'
import type { Endpoint } from '../http/endpoint.ts'
import { problemSchema } from '../operations/problem-schema.ts'
import { chapterOf, chapters } from './chapters.ts'
import { content, envelope, jsonSchema, type Schema } from './json-schema.ts'
import { headers, responses, responsesOf, takesIdempotencyKey } from './responses.ts'

/** The OpenAPI 3.1 description of the endpoints, made from their declarations alone. */
export function openApi(endpoints: readonly Endpoint[], version: string): Schema {
  const paths: Record<string, Schema> = {}
  const schemas: Schema = { Envelope: envelope({ type: 'object' }) }
  jsonSchema(problemSchema, 'Problem', schemas)
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
    servers: [{ url: '/' }],
    tags: chapters
      .filter(({ title }) => endpoints.some(({ name }) => chapterOf(name).title === title))
      .map(({ title, about }) => ({ name: title, description: about })),
    paths,
    components: {
      securitySchemes: {
        apiKey: {
          type: 'apiKey',
          in: 'header',
          name: 'x-api-key',
          description: 'A key with the role that `x-role` names, or a higher one',
        },
      },
      headers,
      responses,
      schemas,
    },
  }
}

function operation(endpoint: Endpoint, schemas: Schema): Schema {
  const { name, summary, role, request } = endpoint
  const json = (schema: ZodType, part: string) => jsonSchema(schema, `${name}.${part}`, schemas)
  return {
    operationId: name,
    summary,
    tags: [chapterOf(name).title],
    ...(role === 'none' ? { security: [] } : { security: [{ apiKey: [] }], 'x-role': role }),
    parameters: parameters(endpoint, json),
    ...(request && { requestBody: { required: true, content: content(json(request, 'request')) } }),
    responses: responsesOf(endpoint, schemas),
  }
}

function parameters(endpoint: Endpoint, json: (schema: ZodType, part: string) => Schema): Schema[] {
  const { route, params, query, dryRun } = endpoint
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
    ...(takesIdempotencyKey(endpoint) ? [idempotencyKey] : []),
  ]
}

const idempotencyKey: Schema = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'For a day, the same key and body get the same answer, and what they ask for is done once',
  schema: { type: 'string', maxLength: 255 },
}
