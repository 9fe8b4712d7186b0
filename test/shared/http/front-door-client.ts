import type { AgentAuthenticator } from '../../../shared/http/authentication.ts'
import type { Endpoint } from '../../../shared/http/endpoint.ts'
import { createFrontDoor } from '../../../shared/http/front-door.ts'
import type { Orchestrations } from '../../../shared/operations/orchestrations.ts'
import type { Services } from '../../../shared/services.ts'

export interface Asked {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** JSON, unless it is text or bytes already. */
  readonly body?: unknown
}

export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** The envelope; empty where the body is not JSON. */
  readonly envelope: {
    code?: number
    status?: string
    message?: string
    payload?: Record<string, unknown>
    error?: Record<string, unknown>
  }
}

let requests = 0

/** Asks endpoints through a front door, as a caller would over HTTP. */
export function frontDoorClient(
  services: Services,
  agents: AgentAuthenticator = async () => undefined,
  orchestrations: () => Orchestrations = nothingStarts,
) {
  const door = createFrontDoor({ services: () => services, agents: () => agents, clock: services.clock, log: services.log })
  return async (endpoint: Endpoint, { params = {}, query = {}, headers = {}, body }: Asked = {}): Promise<Answered> => {
    const text = body === undefined || typeof body === 'string' ? (body ?? '') : JSON.stringify(body)
    const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(text)
    const answer = await door(
      endpoint,
      {
        method: endpoint.method,
        path: `/api/${endpoint.route}`,
        params,
        query,
        header: (name) => headers[name],
        body: async () => bytes,
      },
      { requestId: `request-${requests++}`, orchestrations },
    )
    const isJson = answer.headers['Content-Type']?.startsWith('application/json')
    return { status: answer.status, headers: answer.headers, text: answer.body, envelope: isJson ? JSON.parse(answer.body) : {} }
  }
}

const nothingStarts = (): never => {
  throw new Error('nothing here starts one')
}
