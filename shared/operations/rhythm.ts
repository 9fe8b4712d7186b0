import type { Settings } from '../config/settings.ts'

export type Pace = Pick<Settings, 'clockSpeed' | 'pollingSeconds'>

/** The first look at Azure comes when this much of the typical duration is over. */
const FIRST_LOOK = 0.9
/** Later looks come after this much of it: of fifty machines the slowest look is what the cluster waits for. */
const LATER_LOOK = 0.03
/** What is overdue is looked at less and less often, after this much of the time that it is late: a slow Azure is not asked more. */
const OVERDUE_LOOK = 0.1
/** Longest time between two looks of our own accord, and between two checks for a cancel; seconds. */
const LONGEST_NAP = 15
/** Longest pause after errors in a row, seconds. */
const LONGEST_BACKOFF = 60
/** A step that takes so many times its typical duration is stuck, but never before ten minutes. */
const DEADLINE = 20
const LEAST_DEADLINE = 600
/** So many errors in a row are given up on: with a minute between two it takes three hours, and an outage of Azure is sat out. */
export const MOST_TRIES = 200

/**
 * Epoch milliseconds of the next question to Azure about a step that is under way. `seconds`: its typical duration in real Azure.
 * `elapsed`: milliseconds since it began; absent right after its begin. `retryAfter`: seconds that the other side asked to wait.
 */
export function nextLook(step: { seconds: number; retryAfter?: number | undefined; elapsed?: number }, now: number, pace: Pace): number {
  const expected = step.seconds / pace.clockSpeed
  return now + 1000 * Math.max(step.retryAfter ?? ownPause(expected, step.elapsed), pace.pollingSeconds)
}

function ownPause(expected: number, elapsed: number | undefined): number {
  if (elapsed === undefined) return expected * FIRST_LOOK
  const overdue = Math.max(0, elapsed / 1000 - expected)
  return Math.min(Math.max(expected * LATER_LOOK, overdue * OVERDUE_LOOK), LONGEST_NAP)
}

/** The pause after the `tries`-th error in a row: doubling from the least gap, unless the other side named one. */
export function nextTry(tries: number, retryAfter: number | undefined, now: number, pace: Pace): number {
  const backoff = Math.min(pace.pollingSeconds * 2 ** Math.min(tries, 16), LONGEST_BACKOFF / pace.clockSpeed)
  return now + 1000 * Math.max(retryAfter ?? backoff, pace.pollingSeconds)
}

/**
 * Seconds for the durable timer; short enough that a cancel is noticed.
 * Azure Storage cuts timers off to whole seconds, so that a second asked for can be none: there one more is asked.
 */
export function napUntil(due: number, now: number, pace: Pace): number {
  const nap = Math.min(Math.max((due - now) / 1000, pace.pollingSeconds), LONGEST_NAP)
  return pace.pollingSeconds < 1 ? nap : Math.ceil(nap) + 1
}

/** Seconds for the durable timer of who waits for something of our own. */
export const leastNap = (pace: Pace): number => napUntil(0, 0, pace)

/** Whether a step has had all the time that it can need. `watched`: milliseconds in which Azure could have told of its end. */
export function isStuck(seconds: number, watched: number, pace: Pace): boolean {
  return watched > (1000 * Math.max(DEADLINE * seconds, LEAST_DEADLINE)) / pace.clockSpeed
}
