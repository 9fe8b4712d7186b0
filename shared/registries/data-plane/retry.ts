import type { Clock, Wait } from '../../clock.ts'
import { ProblemError } from '../../problem.ts'
import type { RegistryConnection, RegistryRequest, RegistryResponse } from './connection.ts'
import type { Category, Throttle } from './throttle.ts'

export interface Call extends RegistryRequest {
  readonly category: Category
  /** Epoch ms after which nothing is waited for. */
  readonly until: number
}

/** Milliseconds before the tries that follow the first one. */
const PATIENCE = [200, 500, 1_500, 4_000] as const
/** Seconds, where a 429 says nothing. */
const DEFAULT_RETRY_AFTER = 5
const MOST_RETRY_AFTER = 120

export interface Caller {
  readonly connection: RegistryConnection
  readonly throttle: Throttle
  readonly clock: Clock
  readonly wait: Wait
}

/**
 * Sends until there is an answer that means something. A 429 holds back everybody and uses up no try; what broke or 5xx is tried again,
 * which is safe because every call here may be made twice. `prepare` runs right before each try, when its turn has come: it gives the headers
 * (tokens are renewed meanwhile), or undefined to leave it be.
 */
export async function send(
  { connection, throttle, clock, wait }: Caller,
  call: Call,
  prepare: () => Promise<Readonly<Record<string, string>> | undefined>,
): Promise<RegistryResponse | undefined> {
  for (let failures = 0; ; ) {
    await throttle.turn(call.category, call.until)
    const headers = await prepare()
    if (!headers) return undefined
    const answer = await connection.send({ ...call, headers: { ...call.headers, ...headers } }).catch(lost)
    if (!(answer instanceof ProblemError)) {
      const left = Number(answer.headers['x-ms-ratelimit-remaining-calls-per-second'] ?? Number.NaN)
      if (Number.isFinite(left)) throttle.remaining(call.category, left)
      if (answer.status === 429) {
        throttle.pause(clock.now() + retryAfter(answer) * 1000)
        continue
      }
      if (answer.status !== 408 && answer.status < 500) return answer
    }
    const pause = PATIENCE[failures++]
    if (pause !== undefined && clock.now() + pause <= call.until) await wait(pause)
    else if (answer instanceof ProblemError) throw answer
    else return answer
  }
}

function retryAfter({ headers }: RegistryResponse): number {
  const seconds = Number(headers['retry-after'] ?? Number.NaN)
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, MOST_RETRY_AFTER) : DEFAULT_RETRY_AFTER
}

const lost = (error: Error & { readonly code?: unknown }): ProblemError =>
  new ProblemError({
    code: 'transient',
    message: 'The registry cannot be reached.',
    ...(typeof error.code === 'string' && { azureCode: error.code }),
    retryable: true,
  })
