import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StartError } from '../start-error.ts'

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** A loopback HTTP server. */
export interface Listener {
  /** http://127.0.0.1:PORT */
  readonly url: string
  /** Accepts no more; ends when the running requests are answered. */
  stop(): Promise<void>
  /** Cuts every connection. */
  kill(): void
}

/** Milliseconds; as the official host's web server. Longer than clients keep their connections, so that none is closed under a new request. */
const KEEP_ALIVE = 130_000

/** @param port 0 for any free one. */
export function listen(port: number, handle: Handler): Promise<Listener> {
  let running = 0
  let whenIdle: (() => void) | undefined
  const server = createServer((request, response) => {
    running += 1
    response.once('close', () => {
      running -= 1
      if (running === 0) whenIdle?.()
    })
    handle(request, response).catch(() => {
      if (response.headersSent) response.destroy()
      else response.writeHead(500, { 'content-length': 0 }).end()
    })
  })
  server.keepAliveTimeout = KEEP_ALIVE
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === 'EADDRINUSE'
          ? new StartError('port-taken', `Port ${port} is taken; stop the program that listens there or choose another port.`, { cause })
          : new StartError('port-taken', `Port ${port} cannot be used: ${cause.message}.`, { cause }),
      )
    })
    server.listen(port, '127.0.0.1', () => {
      resolve({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        async stop() {
          const closed = new Promise<void>((done) => server.close(() => done()))
          if (running > 0) await new Promise<void>((done) => (whenIdle = done))
          server.closeAllConnections()
          await closed
        },
        kill() {
          server.close()
          server.closeAllConnections()
        },
      })
    })
  })
}
