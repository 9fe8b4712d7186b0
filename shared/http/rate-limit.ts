import type { Clock } from '../clock.ts'

const WINDOW = 60_000

export interface RateLimit {
  /** Seconds to wait when `who` is over the limit. */
  over(who: string): number | undefined
  count(who: string): void
}

/** So many counts in each minute, kept in memory: every instance of the app counts for itself. */
export function createRateLimit(clock: Clock, limit: number): RateLimit {
  let counts = new Map<string, number>()
  let endsAt = 0
  const current = () => {
    const now = clock.now()
    // All counts end together, so memory is bounded by what one minute brings.
    if (now >= endsAt) {
      counts = new Map()
      endsAt = now + WINDOW
    }
    return counts
  }
  return {
    over: (who) => ((current().get(who) ?? 0) >= limit ? Math.max(1, Math.ceil((endsAt - clock.now()) / 1000)) : undefined),
    count(who) {
      const counts = current()
      counts.set(who, (counts.get(who) ?? 0) + 1)
    },
  }
}
