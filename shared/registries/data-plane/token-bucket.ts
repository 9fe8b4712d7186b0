/** Calls that may be made now: full at first, so that a burst of a minute's worth passes, then refilled evenly. Times in milliseconds. */
export interface TokenBucket {
  /** Takes one call and answers how long to wait before making it; 0: now. */
  take(now: number): number
  /** The other side says how many calls are left at most: others draw on the same limit. */
  atMost(calls: number, now: number): void
}

const MINUTE = 60_000
/** Refilled a little slower than the registry does: a call too early costs the rest of its minute. */
const CAUTION = 0.995

export function tokenBucket(perMinute: number, now: number): TokenBucket {
  const rate = (perMinute * CAUTION) / MINUTE
  let tokens = perMinute
  let at = now

  function refill(time: number): void {
    tokens = Math.min(perMinute, tokens + Math.max(0, time - at) * rate)
    at = Math.max(at, time)
  }

  return {
    take(time) {
      refill(time)
      tokens -= 1
      return tokens >= 0 ? 0 : -tokens / rate
    },
    atMost(calls, time) {
      refill(time)
      tokens = Math.min(tokens, calls)
    },
  }
}
