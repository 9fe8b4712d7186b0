import type { Clock, Wait } from '../../clock.ts'
import { ProblemError } from '../../problem.ts'
import { tokenBucket } from './token-bucket.ts'

export type Category = 'read' | 'delete' | 'oauth'
export type Sku = 'Basic' | 'Standard' | 'Premium'

/** Calls a minute of one identity on one registry [learn: container-registry-skus]. OAuth has one limit for all identities. */
export const skuLimits: Readonly<Record<Sku, Readonly<Record<Category, number>>>> = {
  Basic: { read: 5_000, delete: 500, oauth: 10_000 },
  Standard: { read: 5_000, delete: 500, oauth: 10_000 },
  Premium: { read: 10_000, delete: 2_000, oauth: 20_000 },
}

/** What one identity may ask of one registry in this process, shared by everything that asks. */
export interface Throttle {
  /** Waits for its turn. ProblemError `throttled` with `retryAfter` where that would be after `until` (epoch ms). */
  turn(category: Category, until: number): Promise<void>
  /** The registry answered 429: nobody asks anything before this time (epoch ms). */
  pause(until: number): void
  /** The registry said how many calls a second are left. */
  remaining(category: Category, perSecond: number): void
  /** Something was held back within the last seconds, so that what was seen then may be stale. */
  isThrottling(): boolean
}

/** How long, in milliseconds, after the latest delay the registry counts as throttling. */
const AFTERMATH = 5_000
const MINUTE = 60

export function createThrottle(limits: Readonly<Record<Category, number>>, clock: Clock, wait: Wait): Throttle {
  const now = clock.now()
  const buckets = {
    read: tokenBucket(limits.read, now),
    delete: tokenBucket(limits.delete, now),
    oauth: tokenBucket(limits.oauth, now),
  } satisfies Record<Category, unknown>
  let pausedUntil = 0
  let heldUntil = 0

  return {
    async turn(category, until) {
      const bucket = buckets[category]
      const now = clock.now()
      const ms = Math.max(bucket.ahead(now), pausedUntil - now)
      // A turn that nobody uses must not be taken: a thousand callers out of time would use up minutes of those who come after them.
      if (ms > 0 && now + ms > until) throw outOfTime(ms)
      bucket.take(now)
      for (let left = ms; left > 0; left = pausedUntil - clock.now()) {
        if (clock.now() + left > until) throw outOfTime(left)
        heldUntil = Math.max(heldUntil, clock.now() + left + AFTERMATH)
        await wait(left)
      }
    },
    pause(until) {
      pausedUntil = Math.max(pausedUntil, until)
      heldUntil = Math.max(heldUntil, until + AFTERMATH)
    },
    remaining(category, perSecond) {
      // Whole calls a second: 8 stands for anything below 9.
      buckets[category].atMost((perSecond + 1) * MINUTE, clock.now())
    },
    isThrottling: () => clock.now() < heldUntil,
  }
}

const outOfTime = (ms: number) =>
  new ProblemError({
    code: 'throttled',
    message: 'The registry lets no more calls through at the moment.',
    retryable: true,
    retryAfter: Math.max(1, Math.ceil(ms / 1000)),
  })
