import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { invalid, ProblemError } from '../problem.ts'
import { rowKey } from '../storage/row-key.ts'
import { StaleRowError, type Stored, type Table, type Tables } from '../storage/table.ts'
import { answerOfProblem } from './envelope.ts'
import type { HttpAnswer } from './request.ts'

/** After so long a claim whose process gave no answer is taken over, in milliseconds. */
const ABANDONED = 60_000
/** How long an answer is kept for its key, in milliseconds. */
const KEPT = 24 * 3_600_000
const LONGEST_KEY = 255

const Claim = z.object({
  /** SHA-256 of method, path, query and body. */
  hash: z.string(),
  /** The same for who takes the claim over, so that a handler can tell what the dead one has made. */
  requestId: z.string(),
  /** Epoch milliseconds. */
  since: z.number(),
  answer: z.object({ status: z.number(), headers: z.record(z.string(), z.string()), body: z.string() }).optional(),
})
type Claim = z.output<typeof Claim>

export interface IdempotentRequest {
  readonly callerId: string
  readonly key: string
  /** What must be the same when the key is. */
  readonly content: readonly string[]
  readonly requestId: string
  /** The answer holds a secret: whoever asks again is told that it was given. */
  readonly secret: boolean
}

/** Runs `answer` once for each key of each caller, and answers the same again. */
export type Idempotency = (request: IdempotentRequest, answer: (requestId: string) => Promise<HttpAnswer>) => Promise<HttpAnswer>

export function createIdempotency(tables: Tables, clock: Clock): Idempotency {
  const table: Table<Claim> = tables.table('idempotency', Claim)

  return async ({ callerId, key, content, requestId, secret }, answer) => {
    if (key.length > LONGEST_KEY) invalid('Idempotency-Key', `it may have ${LONGEST_KEY} characters at most`)
    const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex')
    const claimed = await claim(rowKey(callerId), rowKey(key), { hash, requestId, since: clock.now() })
    if ('status' in claimed) return claimed
    let given: HttpAnswer | undefined
    try {
      given = await answer(claimed.value.requestId)
    } finally {
      await settle(claimed, secret ? given && givenOnce() : given)
    }
    return given
  }

  /** The claim that is now ours, or the answer to give instead. */
  async function claim(partition: string, row: string, mine: Claim): Promise<Stored<Claim> | HttpAnswer> {
    try {
      return await table.insert(partition, row, mine)
    } catch (error) {
      if (!isConflict(error)) throw error
    }
    const stored = await table.get(partition, row)
    // Its owner failed and gave it back between our two looks.
    if (!stored) throw inFlight()
    const { value } = stored
    const age = clock.now() - value.since
    if (age < KEPT && value.hash !== mine.hash) return otherRequest()
    if (age < KEPT && value.answer) return { ...value.answer, headers: { ...value.answer.headers, 'Idempotent-Replayed': 'true' } }
    if (age < ABANDONED) throw inFlight()
    try {
      return await table.replace(stored, { ...mine, requestId: age < KEPT ? value.requestId : mine.requestId })
    } catch (error) {
      throw error instanceof StaleRowError ? inFlight() : error
    }
  }

  /** Keeps what the handler answered; where it threw, the same key may try again. What is done is done, so failing here changes no answer. */
  async function settle(claimed: Stored<Claim>, answer: HttpAnswer | undefined): Promise<void> {
    try {
      if (answer) await table.replace(claimed, { ...claimed.value, answer })
      else await table.remove(claimed.partition, claimed.row, claimed.etag)
    } catch {
      // The claim was taken over because the request took so long, or storage is away: then it runs out within a minute.
    }
  }
}

const isConflict = (error: unknown): boolean => error instanceof ProblemError && error.problem.code === 'conflict'

const inFlight = (): ProblemError =>
  new ProblemError({
    code: 'conflict',
    message: 'A request with this Idempotency-Key is being answered. Ask again for its answer.',
    retryable: true,
    retryAfter: 2,
  })

const givenOnce = (): HttpAnswer =>
  answerOfProblem({
    code: 'conflict',
    message: 'The request with this Idempotency-Key was carried out. Its answer holds a secret and is not given twice.',
    retryable: false,
  })

const otherRequest = (): HttpAnswer =>
  answerOfProblem(
    {
      code: 'invalid',
      field: 'Idempotency-Key',
      message: 'This Idempotency-Key was used for another request. Use a new key for a new request.',
      retryable: false,
    },
    422,
  )
