import type { Clock } from '../clock.ts'
import { createKeyLookup } from '../keys/key-lookup.ts'
import { createKeyStore } from '../keys/key-store.ts'
import type { Log } from '../log/log.ts'
import { once } from '../once.ts'
import type { Orchestrations } from '../operations/orchestrations.ts'
import { ProblemError } from '../problem.ts'
import type { RequestOrigin } from '../request-origin.ts'
import type { Services } from '../services.ts'
import { type AgentAuthenticator, type Authentication, createAuthentication } from './authentication.ts'
import { anonymous, type Caller } from './caller.ts'
import { checked, dryRunAsked } from './checked.ts'
import type { Endpoint } from './endpoint.ts'
import { answerOf, answerOfProblem } from './envelope.ts'
import { createIdempotency, type Idempotency } from './idempotency.ts'
import { readJsonBody } from './json-body.ts'
import { createRateLimit } from './rate-limit.ts'
import type { HttpAnswer, HttpRequest } from './request.ts'

export interface FrontDoorOptions {
  /** Throws ProblemError while the settings are broken; endpoints without a role answer all the same. */
  readonly services: () => Services
  readonly agents: (services: Services) => AgentAuthenticator
  readonly clock: Clock
  readonly log: Log
}

export interface Arrival {
  readonly requestId: string
  readonly orchestrations: () => Orchestrations
}

/** Answers a request to an endpoint: who asks, is it well formed, has it been answered before, and then the handler. Never throws. */
export type FrontDoor = (endpoint: Endpoint, request: HttpRequest, arrival: Arrival) => Promise<HttpAnswer>

export function createFrontDoor({ services, agents, clock, log }: FrontDoorOptions): FrontDoor {
  let guards: { readonly authenticate: Authentication; readonly idempotent: Idempotency } | undefined
  const guarded = () => {
    guards ??= guardsOf(services(), agents)
    return guards
  }

  async function answer(endpoint: Endpoint, request: HttpRequest, { requestId, orchestrations }: Arrival): Promise<HttpAnswer> {
    const caller: Caller = endpoint.role === 'none' ? anonymous : await guarded().authenticate(endpoint, request)
    const params = checked(endpoint.params, request.params, {}, 'path')
    const query = checked(endpoint.query, request.query, {}, 'query')
    const dryRun = dryRunAsked(endpoint.dryRun !== undefined, request.query)
    const json = endpoint.request && (await readJsonBody(request, services().settings.bodyLimit))
    const body = checked(endpoint.request, json, undefined, 'body')
    const run = async (origin: RequestOrigin): Promise<HttpAnswer> => {
      // Getters: what needs no services must answer without them.
      const given = {
        params,
        query,
        body,
        caller,
        dryRun,
        origin,
        get services() {
          return services()
        },
        get orchestrations() {
          return orchestrations()
        },
      }
      return answerOf(await endpoint.handler(given), (dryRun ? endpoint.dryRunStatus : endpoint.status) ?? 200)
    }
    const key = request.header('idempotency-key')
    if (!key || request.method !== 'POST' || dryRun || caller.kind === 'anonymous') {
      return run({ id: requestId, at: clock.now(), resumed: false })
    }
    const content = [request.method, request.path.toLowerCase(), JSON.stringify(request.query), JSON.stringify(json ?? null)]
    return guarded().idempotent({ callerId: caller.id, key, content, requestId, secret: endpoint.secret ?? false }, run)
  }

  return async (endpoint, request, arrival) => {
    const answered = await answer(endpoint, request, arrival).catch((error: unknown) => {
      if (error instanceof ProblemError) return answerOfProblem(error.problem)
      log('request-crashed', {
        endpoint: endpoint.name,
        requestId: arrival.requestId,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      })
      return answerOfProblem({
        code: 'unknown',
        message: `Something is wrong on our side. The log has more under request ${arrival.requestId}.`,
        retryable: false,
      })
    })
    return { ...answered, headers: { ...answered.headers, 'X-Request-Id': arrival.requestId } }
  }
}

function guardsOf(services: Services, agents: FrontDoorOptions['agents']) {
  const { settings, clock, tables, log } = services
  const store = createKeyStore(tables, clock)
  const lookup = createKeyLookup(store, clock)
  const firstKeyStored = once(async () => {
    const keyId = settings.firstKey && (await store.addFirst(settings.firstKey))
    if (keyId) log('first-key-stored', { keyId })
  })
  return {
    authenticate: createAuthentication({
      keys: async (key) => {
        await firstKeyStored()
        return lookup(key)
      },
      agents: agents(services),
      easyAuth: settings.easyAuth,
      wrongKeys: createRateLimit(clock, settings.failedKeysPerMinute),
      requests: createRateLimit(clock, settings.requestsPerMinute),
      log,
    }),
    idempotent: createIdempotency(tables, clock),
  }
}
