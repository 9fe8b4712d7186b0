import { parseSchedule, spacing } from '../../../../local/host/timers/schedule.ts'

const NEW_YEAR = Date.UTC(2026, 0, 1)

test.each([
  ['0 */5 * * * *', '2026-01-01T00:05:00.000Z'],
  ['*/5 * * * *', '2026-01-01T00:05:00.000Z'],
  ['30 15 3 * * 1-5', '2026-01-01T03:15:30.000Z'],
  ['0 0 0 13 * 5', '2026-02-13T00:00:00.000Z'],
  ['0 0 0 29 2 *', '2028-02-29T00:00:00.000Z'],
  ['00:00:10', '2026-01-01T00:00:10.000Z'],
])('after New Year, %s is next due at %s', (text, next) => {
  expect(new Date(parseSchedule(text, 'UTC').next(NEW_YEAR) ?? 0).toISOString()).toBe(next)
})

test('a schedule is read in its time zone: the hour that summer time leaves out runs after it, the one that repeats runs once', () => {
  const daily = parseSchedule('0 30 2 * * *', 'Europe/Stockholm')
  const next = (iso: string) => new Date(daily.next(Date.parse(iso)) ?? 0).toISOString()
  expect(next('2026-03-28T12:00:00Z')).toBe('2026-03-29T01:00:00.000Z')
  expect(next('2026-10-24T12:00:00Z')).toBe('2026-10-25T00:30:00.000Z')
  expect(next('2026-10-25T00:30:00Z')).toBe('2026-10-26T01:30:00.000Z')
})

test.each(['', 'hourly', '61 * * * * *', '* * * * * * *', '00:00:00'])('the schedule "%s" is refused', (text) => {
  expect(() => parseSchedule(text)).toThrow()
})

test('spacing is the time between two occurrences', () => {
  expect(spacing(parseSchedule('0 */5 * * * *', 'UTC'), NEW_YEAR)).toBe(300_000)
})
