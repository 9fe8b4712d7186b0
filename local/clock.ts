/** What time it is and when to be woken. The only owner of `Date.now` and `setTimeout` under local/. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number
  /** Calls `wake` once, `ms` of this clock's milliseconds from now; spans of any length. Returns how to call it off. */
  after(ms: number, wake: () => void): () => void
}

/** setTimeout's longest span in milliseconds; Node fires at once beyond it. */
const LONGEST_TIMEOUT = 2 ** 31 - 1

function wakeAfter(ms: number, wake: () => void): () => void {
  let timer: NodeJS.Timeout
  const arm = (left: number) => {
    timer = left > LONGEST_TIMEOUT ? setTimeout(() => arm(left - LONGEST_TIMEOUT), LONGEST_TIMEOUT) : setTimeout(wake, Math.max(0, left))
  }
  arm(ms)
  return () => clearTimeout(timer)
}

export const realClock: Clock = { now: () => Date.now(), after: wakeAfter }

/** A clock that runs `speed` times as fast as the real one, from the real time on. */
export function scaledClock(speed: number): Clock {
  const start = Date.now()
  return {
    now: () => start + Math.round((Date.now() - start) * speed),
    after: (ms, wake) => wakeAfter(ms / speed, wake),
  }
}

export interface FakeClock extends Clock {
  /** Moves on by `ms`, waking what falls due, in order. */
  advance(ms: number): void
}

/** A clock that stands still until a test moves it. */
export function fakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start
  let waiting: { at: number; wake: () => void }[] = []
  return {
    now: () => now,
    after(ms, wake) {
      const entry = { at: now + Math.max(0, ms), wake }
      waiting.push(entry)
      return () => {
        waiting = waiting.filter((other) => other !== entry)
      }
    },
    advance(ms) {
      const end = now + ms
      for (;;) {
        const next = waiting.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0]
        if (!next) break
        waiting = waiting.filter((entry) => entry !== next)
        now = Math.max(now, next.at)
        next.wake()
      }
      now = end
    },
  }
}
