import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'

/** Marks a request's answer as one that never arrives: the connection is cut instead. */
export const CUT = Symbol('connection cut')

export interface Listening {
  readonly port: number
  /** Ends every connection, also those in use. */
  close(): Promise<void>
}

/**
 * Serves `handle` on the loopback. Callers name the host they mean in the Host header; what they get for it must be the URL they used,
 * so `request.url` carries that host and, for Azure's own names, https even when the simulator is reached over plain HTTP.
 */
export async function listen(options: {
  port: number
  tls?: { key: string; cert: string }
  handle: (request: Request) => Promise<Response | typeof CUT>
}): Promise<Listening> {
  const fetch = async (request: Request, env: unknown) => {
    const answer = await options.handle(request)
    if (answer !== CUT) return answer
    const { incoming } = env as HttpBindings
    incoming.socket.destroy()
    return new Response(null, { status: 500 })
  }
  const server = createAdaptorServer(
    options.tls ? { fetch, createServer: createHttpsServer, serverOptions: options.tls } : { fetch, createServer: createHttpServer },
  ) as Server<typeof IncomingMessage>
  // Pooled connections of clients would otherwise meet a closed one now and then: Node's default is 5 s.
  server.keepAliveTimeout = 75_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
