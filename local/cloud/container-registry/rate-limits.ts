import type { Clock } from '../../clock.ts'
import type { Category } from './data-request.ts'
import type { Sku } from './registry.ts'
import { RegistryError } from './registry-error.ts'

interface Limit {
  /** Calls a minute, of all callers together. */
  readonly registry: number
  /** Calls a minute of one identity. */
  readonly identity: number
}

/** [learn: container-registry-skus] */
const SMALL: Readonly<Record<Category, Limit>> = {
  read: { registry: 10_000, identity: 5_000 },
  write: { registry: 2_000, identity: 1_000 },
  delete: { registry: 1_000, identity: 500 },
  referrers: { registry: 500, identity: 250 },
  oauth: { registry: 10_000, identity: Number.POSITIVE_INFINITY },
}
const PREMIUM: Readonly<Record<Category, Limit>> = {
  read: { registry: 20_000, identity: 10_000 },
  write: { registry: 4_000, identity: 2_000 },
  delete: { registry: 4_000, identity: 2_000 },
  referrers: { registry: 2_000, identity: 1_000 },
  oauth: { registry: 20_000, identity: Number.POSITIVE_INFINITY },
}

/** Milliseconds that limits are counted over; a 429 asks to come back at the end of the running one. */
const PERIOD = 60_000

/** Full at first, so that bursts up to a minute's worth pass; then refilled evenly. */
interface Bucket {
  readonly madeAt: number
  tokens: number
  at: number
}

export interface RateLimits {
  /** Takes one call off; gives the calls a second that are left to the identity. Throws the 429. */
  take(options: { registry: string; sku: Sku; identity: string; category: Category; override?: number | undefined }): number
}

/**
 * Minutes are shorter by `speed`, except for what `override` sets: calls a minute of the clock, for registry and identity alike.
 * Counts are of this process and not in the journal.
 */
export function rateLimits(clock: Clock, speed: number): RateLimits {
  const buckets = new Map<string, Bucket>()

  function refilled(key: string, perMinute: number, pace: number): Bucket {
    const now = clock.now()
    const bucket = buckets.get(key) ?? { madeAt: now, tokens: perMinute, at: now }
    bucket.tokens = Math.min(perMinute, bucket.tokens + ((now - bucket.at) / PERIOD) * perMinute * pace)
    bucket.at = now
    buckets.set(key, bucket)
    return bucket
  }

  return {
    take({ registry, sku, identity, category, override }) {
      const pace = override === undefined ? speed : 1
      const limits = (sku === 'Premium' ? PREMIUM : SMALL)[category]
      const whole = refilled(`${category} ${registry}`, override ?? limits.registry, pace)
      const own =
        limits.identity === Number.POSITIVE_INFINITY
          ? whole
          : refilled(`${category} ${registry} ${identity}`, override ?? limits.identity, pace)
      for (const bucket of [own, whole]) if (bucket.tokens < 1) throw tooMany(clock.now() - bucket.madeAt, pace)
      own.tokens -= 1
      if (own !== whole) whole.tokens -= 1
      return own.tokens / 60
    },
  }
}

function tooMany(age: number, pace: number): RegistryError {
  const period = PERIOD / pace
  const left = Math.max(1, Math.ceil((period - (age % period)) / 1000))
  return new RegistryError(429, 'TOOMANYREQUESTS', 'too many requests', null, { 'Retry-After': String(left) })
}
