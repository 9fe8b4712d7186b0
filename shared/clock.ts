import { setTimeout as after } from 'node:timers/promises'

/** What time it is. The only owner of `Date.now` in the domain; orchestrations have a time of their own. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number
}

export const realClock: Clock = { now: () => Date.now() }

/** Waits so many milliseconds. For pacing within a call only: whatever waits for Azure is left to durable timers. */
export type Wait = (ms: number) => Promise<void>

export const realWait: Wait = (ms) => after(ms)
