import type { Clock } from '../../clock.ts'
import { ArmError } from './arm-error.ts'

type Kind = 'reads' | 'writes' | 'deletes'

/** Token buckets per subscription, region and principal [learn: request-limits-and-throttling]: size, and refill a second. */
const BUCKETS: Readonly<Record<Kind, { size: number; perSecond: number }>> = {
  reads: { size: 250, perSecond: 25 },
  writes: { size: 200, perSecond: 10 },
  deletes: { size: 200, perSecond: 10 },
}

export interface Throttle {
  /** Takes a token; gives the header to answer with, or throws the 429. */
  take(method: string, subscriptionId: string, actor: string): Record<string, string>
}

export function throttleOf(clock: Clock, speed: number): Throttle {
  const buckets = new Map<string, { tokens: number; at: number }>()

  return {
    take(method, subscriptionId, actor) {
      const kind: Kind = method === 'GET' || method === 'HEAD' ? 'reads' : method === 'DELETE' ? 'deletes' : 'writes'
      const { size, perSecond } = BUCKETS[kind]
      const key = `${kind} ${subscriptionId} ${actor}`
      const now = clock.now()
      const bucket = buckets.get(key) ?? { tokens: size, at: now }
      const tokens = Math.min(size, bucket.tokens + ((now - bucket.at) / 1000) * perSecond * speed)
      if (tokens < 1) {
        buckets.set(key, { tokens, at: now })
        throw throttled(kind, subscriptionId, actor, (1 - tokens) / perSecond / speed)
      }
      buckets.set(key, { tokens: tokens - 1, at: now })
      return { [`x-ms-ratelimit-remaining-subscription-${kind}`]: String(Math.floor(tokens - 1)) }
    },
  }
}

/** `seconds` of real time until the next try makes sense; the header knows whole ones only. */
export function throttled(kind: string, subscriptionId: string, actor: string, seconds: number): ArmError {
  const retryAfter = Math.max(1, Math.ceil(seconds))
  return new ArmError(
    429,
    'SubscriptionRequestsThrottled',
    `Number of '${kind.replace(/s$/, '')}' requests for subscription '${subscriptionId}' actor '${actor}' exceeded. Please try again after '${retryAfter}' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information.`,
    { headers: { 'Retry-After': String(retryAfter) } },
  )
}
