import fc from 'fast-check'
import { criticalPath, parallel, sequence, stepsOf } from '../../../shared/operations/plan.ts'
import { progressOf, secondsLeft } from '../../../shared/operations/progress.ts'
import type { StepRecord } from '../../../shared/operations/step-record.ts'
import { anyPlan, step } from './plans.ts'

const record = (id: string, state: StepRecord['state'], begunAt = 0): StepRecord => ({ id, kind: 'toy', state, attempt: 1, begunAt })
const finder =
  (...records: StepRecord[]) =>
  (id: string) =>
    records.find((entry) => entry.id === id)

test('what has not begun has its whole longest path before it, what is done has none', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      expect(secondsLeft(plan, () => undefined, 0, 1)).toBe(criticalPath(plan))
      const all = finder(...stepsOf(plan).map(({ id }) => record(id, 'done')))
      expect(secondsLeft(plan, all, 0, 1)).toBe(0)
      expect(progressOf(plan, all, 0, 1)).toBe(1)
    }),
  )
})

test('progress stays between 0 and 1 and never goes back as time passes or steps end', () => {
  const state = fc.constantFrom('done', 'running', 'waiting')
  fc.assert(
    fc.property(anyPlan, fc.infiniteStream(state), fc.nat(500), fc.nat(500), (plan, picks, now, more) => {
      const records = stepsOf(plan).map(({ id }) => record(id, picks.next().value ?? 'waiting'))
      const before = progressOf(plan, finder(...records), now * 1000, 1)
      const later = progressOf(plan, finder(...records), (now + more) * 1000, 1)
      const further = progressOf(plan, finder(...records.map((entry) => ({ ...entry, state: 'done' as const }))), now * 1000, 1)
      expect(before).toBeGreaterThanOrEqual(0)
      expect(later).toBeGreaterThanOrEqual(before)
      expect(further).toBeGreaterThanOrEqual(later)
      expect(further).toBeLessThanOrEqual(1)
    }),
  )
})

test('the slowest branch decides, and the speed of the simulated Azure counts', () => {
  const plan = sequence('all', step('a', 20), parallel('both', step('b', 30), step('c', 80)))
  const records = finder(record('a', 'done'), record('b', 'running', 0), record('c', 'running', 0))
  expect(secondsLeft(plan, records, 40_000, 1)).toBe(40)
  expect(progressOf(plan, records, 40_000, 1)).toBe(0.6)
  expect(secondsLeft(plan, records, 4_000, 10)).toBe(40)
})

test('a step that runs late is nearly done, never done', () => {
  expect(secondsLeft(step('a', 20), finder(record('a', 'running')), 1_000_000, 1)).toBe(1)
})
