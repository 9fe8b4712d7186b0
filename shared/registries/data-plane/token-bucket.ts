/** Calls that may be made now: full at first, so that a burst of nearly a minute's worth passes, then refilled evenly. Times in milliseconds. */
export interface TokenBucket {
  /** How long whoever asks now would have to wait; 0: not at all. */
  ahead(now: number): number
  /** Takes one call, to be made after that wait. */
  take(now: number): void
  /** The other side says how many calls are left at most: others draw on the same limit. */
  atMost(calls: number, now: number): void
}

const MINUTE = 60_000
/** Smaller and refilled slower than the registry's own by so much: a call that comes a millisecond too early costs the rest of its minute. */
const RESERVE = 0.98
const CAUTION = 0.995

export function tokenBucket(perMinute: number, now: number): TokenBucket {
  const rate = (perMinute * CAUTION) / MINUTE
  const most = Math.floor(perMinute * RESERVE)
  let tokens = most
  let at = now

  function refill(time: number): void {
    tokens = Math.min(most, tokens + Math.max(0, time - at) * rate)
    at = Math.max(at, time)
  }

  return {
    ahead(time) {
      refill(time)
      return Math.max(0, (1 - tokens) / rate)
    },
    take(time) {
      refill(time)
      tokens -= 1
    },
    atMost(calls, time) {
      refill(time)
      tokens = Math.min(tokens, calls)
    },
  }
}
