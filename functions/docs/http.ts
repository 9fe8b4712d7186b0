import * as z from 'zod'
import { openApi } from '../../shared/docs/openapi.ts'
import { defineEndpoint, type Endpoint } from '../../shared/http/endpoint.ts'
import { Document } from '../../shared/http/reply.ts'

/** The description of all endpoints, made at the first question and kept. */
export function openApiEndpoint(endpoints: () => readonly Endpoint[], version: string): Endpoint {
  let text: string | undefined
  return defineEndpoint({
    name: 'openapi',
    method: 'GET',
    route: 'openapi.json',
    role: 'none',
    summary: 'This description, as OpenAPI 3.1',
    document: 'application/json',
    response: z.looseObject({ openapi: z.string(), info: z.looseObject({}), paths: z.looseObject({}) }),
    handler: async () => {
      text ??= JSON.stringify(openApi(endpoints(), version))
      return new Document(text, 'application/json; charset=utf-8')
    },
  })
}
