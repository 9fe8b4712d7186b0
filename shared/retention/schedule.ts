import { Cron } from 'croner'
import { invalid } from '../problem.ts'
import type { Policy } from './policy.ts'

type Schedule = NonNullable<Policy['schedule']>

/** `now` in epoch seconds. Throws ProblemError `invalid`, with the member of `field`, for what is no schedule, or one that never comes. */
export function checkSchedule(schedule: Schedule, now: number, field: string): void {
  if (!isTimeZone(schedule.timeZone)) invalid(`${field}.timeZone`, 'an IANA name such as Europe/Stockholm')
  if (nextOf(schedule, now, `${field}.cron`) === undefined) invalid(`${field}.cron`, 'this never comes')
}

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    return true
  } catch {
    return false
  }
}

function nextOf(schedule: Schedule, now: number, field: string): number | undefined {
  try {
    return nextTime(schedule, now)
  } catch {
    return invalid(field, 'five fields: minute, hour, day, month, day of the week')
  }
}

/** Epoch seconds of the first time after `from` (epoch seconds); undefined: never. */
export function nextTime({ cron, timeZone }: Schedule, from: number): number | undefined {
  const next = new Cron(cron, { timezone: timeZone, mode: '5-part' }).nextRun(new Date(from * 1000))
  return next ? Math.floor(next.getTime() / 1000) : undefined
}
