import fc from 'fast-check'
import { isStuck, napUntil, nextLook, nextTry } from '../../../shared/operations/rhythm.ts'

const real = { clockSpeed: 1, pollingSeconds: 1 }
const local = { clockSpeed: 20, pollingSeconds: 0.1 }
const pace = fc.constantFrom(real, local)

test('the first look comes shortly before a step is usually done, later ones in small parts of its duration', () => {
  expect(nextLook({ seconds: 60 }, 0, real)).toBe(54_000)
  expect(nextLook({ seconds: 60, elapsed: 54_000 }, 0, real)).toBeCloseTo(1_800)
  expect(nextLook({ seconds: 60 }, 0, local)).toBe(2_700)
})

test('what is overdue is looked at less and less often, yet often enough', () => {
  expect(nextLook({ seconds: 60, elapsed: 100_000 }, 0, real)).toBeCloseTo(4_000)
  expect(nextLook({ seconds: 60, elapsed: 3_600_000 }, 0, real)).toBe(15_000)
})

test('when the other side names a time, that is kept', () => {
  expect(nextLook({ seconds: 60, retryAfter: 7 }, 0, real)).toBe(7_000)
  expect(nextTry(3, 7, 0, real)).toBe(7_000)
})

test('no two looks are closer than the least gap', () => {
  fc.assert(
    fc.property(pace, fc.double({ min: 0, max: 4000, noNaN: true }), fc.nat(10_000_000), fc.nat(60), (setting, seconds, elapsed, tries) => {
      const least = setting.pollingSeconds * 1000
      expect(nextLook({ seconds, elapsed, retryAfter: 0 }, 0, setting)).toBeGreaterThanOrEqual(least)
      expect(nextLook({ seconds, elapsed }, 0, setting)).toBeGreaterThanOrEqual(least)
      expect(nextTry(tries, undefined, 0, setting)).toBeGreaterThanOrEqual(least)
    }),
  )
})

test('pauses after errors double and stay under a minute of Azure', () => {
  expect([1, 2, 3, 10, 1000].map((tries) => nextTry(tries, undefined, 0, real))).toEqual([2000, 4000, 8000, 60_000, 60_000])
  expect(nextTry(1000, undefined, 0, local)).toBe(3000)
})

test('a nap is short enough to notice a cancel, and whole seconds and one more where timers are cut off', () => {
  expect(napUntil(51_000, 0, local)).toBe(15)
  expect(napUntil(2_550, 0, local)).toBe(2.55)
  expect(napUntil(2_550, 0, real)).toBe(4)
  expect(napUntil(0, 1000, real)).toBe(2)
  expect(napUntil(0, 1000, local)).toBe(0.1)
})

test('a step is stuck after twenty times its duration, never before ten minutes of Azure', () => {
  expect([isStuck(10, 600_000, real), isStuck(10, 600_001, real)]).toEqual([false, true])
  expect([isStuck(60, 1_200_000, real), isStuck(60, 1_200_001, real)]).toEqual([false, true])
  expect(isStuck(10, 30_001, local)).toBe(true)
})
