import { Cron } from 'croner'
import { parseTimeSpan } from '../time-span.ts'

/** When a timer is due. Milliseconds since 1970 throughout. */
export interface Schedule {
  /** The first occurrence after `time`; undefined when there is none any more. */
  next(time: number): number | undefined
}

/**
 * NCRONTAB: `{second} {minute} {hour} {day} {month} {day of week}`, the seconds may be left out; or a time span such as `00:05:00`.
 * @param timezone IANA name; absent for the machine's own.
 * @throws TypeError or RangeError when it cannot be read.
 */
export function parseSchedule(text: string, timezone?: string): Schedule {
  const span = parseTimeSpan(text)
  if (span !== undefined) {
    if (span === 0) throw new RangeError('the time span is zero')
    return { next: (time) => time + span }
  }
  // NCRONTAB knows no seven parts, and a day must fit both its number and its weekday.
  const cron = new Cron(text, { mode: '5-or-6-parts', domAndDow: true, paused: true, ...(timezone && { timezone }) })
  return { next: (time) => cron.nextRun(new Date(time))?.getTime() }
}

/** Milliseconds between the next two occurrences after `time`. */
export function spacing(schedule: Schedule, time: number): number {
  const first = schedule.next(time)
  const second = first === undefined ? undefined : schedule.next(first)
  return first === undefined || second === undefined ? Number.POSITIVE_INFINITY : second - first
}
