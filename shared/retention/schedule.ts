import { Cron } from 'croner'
import { invalid } from '../problem.ts'
import type { Policy } from './policy.ts'

type Schedule = NonNullable<Policy['schedule']>

/** `now` in epoch seconds. Throws ProblemError `invalid` for what is no schedule, or one that never comes. */
export function checkSchedule(schedule: Schedule, now: number): void {
  if (nextOf(schedule, now) === undefined) invalid('policy.schedule', 'this never comes')
}

function nextOf(schedule: Schedule, now: number): number | undefined {
  try {
    return nextTime(schedule, now)
  } catch {
    return invalid('policy.schedule', 'five fields (minute, hour, day, month, day of the week) and an IANA time zone')
  }
}

/** Epoch seconds of the first time after `from` (epoch seconds); undefined: never. */
export function nextTime({ cron, timeZone }: Schedule, from: number): number | undefined {
  const next = new Cron(cron, { timezone: timeZone, mode: '5-part' }).nextRun(new Date(from * 1000))
  return next ? Math.floor(next.getTime() / 1000) : undefined
}
