import { createHash } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { isRefusal } from '../operations/start-operation.ts'
import { invalid, ProblemError } from '../problem.ts'
import type { RequestOrigin } from '../request-origin.ts'
import { rowKey } from '../storage/row-key.ts'
import type { Stored, Tables } from '../storage/table.ts'
import { answerOfProblem } from './envelope.ts'
import { type Claim, createIdempotencyStore } from './idempotency-store.ts'
import type { HttpAnswer } from './request.ts'

/** After so long a claim whose process gave no answer is taken over, in milliseconds. */
const ABANDONED = 60_000
const LONGEST_KEY = 255

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
export type Idempotency = (request: IdempotentRequest, answer: (origin: RequestOrigin) => Promise<HttpAnswer>) => Promise<HttpAnswer>

export function createIdempotency(tables: Tables, clock: Clock): Idempotency {
  const store = createIdempotencyStore(tables, clock)

  return async ({ callerId, key, content, requestId, secret }, answer) => {
    if (key.length > LONGEST_KEY) invalid('Idempotency-Key', `it may have ${LONGEST_KEY} characters at most`)
    const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex')
    const now = clock.now()
    const claimed = await claim(rowKey(callerId), rowKey(key), { hash, request: { id: requestId, at: now }, since: now })
    if ('status' in claimed) return claimed
    const { stored, resumed } = claimed
    try {
      const given = await answer({ ...stored.value.request, resumed })
      await settle(stored, { ...stored.value, answer: secret ? givenOnce() : given })
      return given
    } catch (error) {
      // After a refusal the key is free. What broke off may have been done in part: the next attempt has to be the same request.
      await settle(stored, isRefusal(error) ? undefined : { ...stored.value, since: 0 })
      throw error
    }
  }

  /** The claim that is now ours, or the answer to give instead. */
  async function claim(
    partition: string,
    row: string,
    mine: Claim,
  ): Promise<{ readonly stored: Stored<Claim>; readonly resumed: boolean } | HttpAnswer> {
    try {
      const found = await store.claims.get(partition, row)
      if (!found) return { stored: await store.enter(partition, row, mine), resumed: false }
      const { value } = found
      const isNew = store.hasExpired(value)
      if (!isNew && value.hash !== mine.hash) return otherRequest()
      if (!isNew && value.answer) return { ...value.answer, headers: { ...value.answer.headers, 'Idempotent-Replayed': 'true' } }
      if (!value.answer && clock.now() - value.since < ABANDONED) throw inFlight()
      if (isNew) return { stored: await store.renew(found, mine), resumed: false }
      return { stored: await store.claims.replace(found, { ...mine, request: value.request }), resumed: true }
    } catch (error) {
      // Somebody else claimed it between our look and our write.
      throw isConflict(error) ? inFlight() : error
    }
  }

  /** Undefined: the claim is given back. What is done is done, so failing here changes no answer. */
  async function settle(claimed: Stored<Claim>, claim: Claim | undefined): Promise<void> {
    try {
      if (claim) await store.claims.replace(claimed, claim)
      else await store.claims.remove(claimed.partition, claimed.row, claimed.etag)
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
