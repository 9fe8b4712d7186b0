import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'

/** Marks a request's answer as one that never arrives: the connection is cut instead. */
export const CUT = Symbol('connection cut')

export interface Listening {
  readonly port: number
  /** Also serves as a proxy: tunnels to the hosts that `accepts` names end at `port` of the loopback, whatever port was asked for. */
  proxyTo(port: number, accepts: (host: string) => boolean): void
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
  const tunnels = new Set<Duplex>()
  return {
    proxyTo(port, accepts) {
      server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
        const host = request.url?.replace(/:\d+$/, '') ?? ''
        if (!accepts(host)) {
          client.end('HTTP/1.1 403 Forbidden\r\n\r\n')
          return
        }
        const inner = connect(port, '127.0.0.1', () => {
          client.write('HTTP/1.1 200 Connection established\r\n\r\n')
          inner.write(head)
          client.pipe(inner).pipe(client)
        })
        tunnels.add(client)
        const end = () => {
          tunnels.delete(client)
          client.destroy()
          inner.destroy()
        }
        for (const side of [client, inner]) side.on('error', end).on('close', end)
      })
    },
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const tunnel of tunnels) tunnel.destroy()
        server.closeAllConnections()
      }),
  }
}
