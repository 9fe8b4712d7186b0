import { createHash } from 'node:crypto'
import type { KeyLookup } from '../keys/key-lookup.ts'
import type { Log } from '../log/log.ts'
import { ProblemError } from '../problem.ts'
import { anonymous, type Caller, mayCall } from './caller.ts'
import { clientAddress } from './client-address.ts'
import { callerOfPrincipal } from './client-principal.ts'
import type { Endpoint } from './endpoint.ts'
import type { RateLimit } from './rate-limit.ts'
import type { HttpRequest } from './request.ts'

/** Most good keys remembered. */
const REMEMBERED = 10_000

/** Knows the agents by their keys (`swa_…`). */
export type AgentAuthenticator = (key: string) => Promise<Extract<Caller, { kind: 'agent' }> | undefined>

export interface AuthenticationOptions {
  readonly keys: KeyLookup
  readonly agents: AgentAuthenticator
  /** Whether App Service authentication stands before the app. */
  readonly easyAuth: boolean
  /** Counts wrong keys by address. */
  readonly wrongKeys: RateLimit
  /** Counts requests by caller. */
  readonly requests: RateLimit
  readonly log: Log
}

/** Who asks, if they may: throws `unauthenticated`, `forbidden` or `rate-limited`. */
export type Authentication = (endpoint: Endpoint, request: HttpRequest) => Promise<Caller>

export function createAuthentication({ keys, agents, easyAuth, wrongKeys, requests, log }: AuthenticationOptions): Authentication {
  const good = new Set<string>()

  async function identify(endpoint: Endpoint, request: HttpRequest): Promise<Caller> {
    const principal = easyAuth && !isForged(request) ? request.header('x-ms-client-principal') : undefined
    const user = principal && callerOfPrincipal(principal)
    if (user) return user
    const key = request.header('x-api-key') ?? ''
    const address = clientAddress(request)
    const hash = createHash('sha256').update(key).digest('base64')
    // Too many wrong keys cost the address its look-ups in storage, not the use of keys that have been good before.
    const wait = wrongKeys.over(address)
    if (wait !== undefined && !good.has(hash)) tooMany('Too many wrong API keys came from this address.', wait)
    const caller = await (key.startsWith('swa_') ? agents(key) : keys(key))
    if (caller) {
      if (good.size < REMEMBERED) good.add(hash)
      return caller
    }
    good.delete(hash)
    wrongKeys.count(address)
    log('key-refused', { address, endpoint: endpoint.name })
    throw new ProblemError({
      code: 'unauthenticated',
      message: 'The API key is missing, wrong, revoked or expired. Send a valid one in the header x-api-key.',
      retryable: false,
    })
  }

  return async (endpoint, request) => {
    if (endpoint.role === 'none') return anonymous
    const caller = await identify(endpoint, request)
    const wait = requests.over(caller.id)
    if (wait !== undefined) tooMany('This key has made too many requests.', wait)
    requests.count(caller.id)
    if (mayCall(caller, endpoint.role)) return caller
    throw new ProblemError({
      code: 'forbidden',
      message: `This needs the role ${endpoint.role}; ${caller.name} has ${'role' in caller ? `the role ${caller.role}` : 'not'}.`,
      retryable: false,
    })
  }
}

/** A browser signs its user's session under whatever a foreign page makes it send, and says so: only a look is allowed that way. */
const isForged = (request: HttpRequest): boolean =>
  request.method !== 'GET' && !['same-origin', 'none', undefined].includes(request.header('sec-fetch-site'))

function tooMany(message: string, retryAfter: number): never {
  throw new ProblemError({ code: 'rate-limited', message: `${message} Wait ${retryAfter} s.`, retryable: true, retryAfter })
}
