import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { createSecureContext } from 'node:tls'

export interface RegistryRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** With its query, percent-encoded. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Most bytes of an answer. */
  readonly limit: number
}

export interface RegistryResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Buffer
}

/** Kept-alive connections to one login server. Throws Node's errors where no answer comes. */
export interface RegistryConnection {
  send(request: RegistryRequest): Promise<RegistryResponse>
  close(): void
}

/** Milliseconds without a byte. */
const SILENCE = 30_000
const IDLE_MS = 5_000

/** Node's own client over `fetch`: a third of its processor time for each of many thousand small calls. `gateway`: a simulated Azure that answers for its host names. */
export function connectRegistry(
  loginServer: string,
  { connections, gateway }: { connections: number; gateway?: string | undefined },
): RegistryConnection {
  const target = new URL(gateway ?? `https://${loginServer}`)
  const options = { keepAlive: true, maxSockets: connections, maxFreeSockets: connections, timeout: IDLE_MS, scheduling: 'lifo' as const }
  const [agent, open] =
    target.protocol === 'https:'
      ? // Otherwise every connection reads the certificates anew.
        [new HttpsAgent({ ...options, secureContext: createSecureContext() }), httpsRequest]
      : [new HttpAgent(options), httpRequest]
  return {
    send: ({ method, path, headers, body, limit }) =>
      new Promise((resolve, reject) => {
        const request: ClientRequest = open({
          agent,
          method,
          host: target.hostname,
          port: target.port,
          path,
          headers: { ...headers, Host: loginServer, ...(body !== undefined && { 'Content-Length': Buffer.byteLength(body) }) },
          timeout: SILENCE,
        })
        request.on('timeout', () => request.destroy(Object.assign(new Error('The registry does not answer.'), { code: 'ETIMEDOUT' })))
        request.on('error', reject)
        request.on('response', (response) => void read(response, limit).then(resolve, reject))
        request.end(body)
      }),
    close: () => agent.destroy(),
  }
}

function read(response: IncomingMessage, limit: number): Promise<RegistryResponse> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    response.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) response.destroy(Object.assign(new Error('The answer of the registry is too large.'), { code: 'E_TOO_LARGE' }))
      else chunks.push(chunk)
    })
    response.on('error', reject)
    response.on('aborted', () => reject(Object.assign(new Error('The answer broke off.'), { code: 'ECONNRESET' })))
    response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }))
  })
}
