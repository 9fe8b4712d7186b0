import { app, type HttpRequest as FunctionsRequest } from '@azure/functions'
import * as df from 'durable-functions'
import type { Endpoint } from '../shared/http/endpoint.ts'
import type { FrontDoor } from '../shared/http/front-door.ts'
import type { HttpRequest } from '../shared/http/request.ts'
import { durableOrchestrations } from './operations/durable-orchestrations.ts'

/** Registers endpoints as functions. Keys are checked by the front door, not by the host: the host's keys know no roles. */
export function registerEndpoints(endpoints: readonly Endpoint[], frontDoor: FrontDoor): void {
  for (const endpoint of endpoints) {
    app.http(endpoint.name, {
      route: endpoint.route,
      methods: [endpoint.method],
      authLevel: 'anonymous',
      // A look starts nothing, and neither does who needs no key.
      ...(endpoint.method !== 'GET' && endpoint.role !== 'none' && { extraInputs: [df.input.durableClient()] }),
      handler: (request, context) =>
        frontDoor(endpoint, requestOf(request), {
          requestId: context.invocationId,
          orchestrations: () => durableOrchestrations(df.getClient(context)),
        }),
    })
  }
}

const requestOf = (request: FunctionsRequest): HttpRequest => ({
  method: request.method,
  path: new URL(request.url).pathname,
  params: request.params,
  query: Object.fromEntries([...new Set(request.query.keys())].map((name) => [name, request.query.getAll(name).join(',')])),
  header: (name) => request.headers.get(name) ?? undefined,
  body: async () => new Uint8Array(await request.arrayBuffer()),
})
