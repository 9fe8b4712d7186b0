import { parseTimeSpan } from '../../../local/host/time-span.ts'

test.each([
  ['00:00:01', 1_000],
  ['1.02:03:04', 93_784_000],
  ['00:00:00.250', 250],
  ['00:05', 300_000],
  ['24:00:00', undefined],
  ['00:60:00', undefined],
  ['0 */5 * * * *', undefined],
  ['', undefined],
])('%s is %s milliseconds', (text, ms) => {
  expect(parseTimeSpan(text)).toBe(ms)
})
