import fc from 'fast-check'
import { z } from 'zod'
import { byKind } from '../../../shared/operations/kinds.ts'
import type { Operation } from '../../../shared/operations/operation.ts'
import { parallel, sequence } from '../../../shared/operations/plan.ts'
import { planSchema } from '../../../shared/operations/plan-schema.ts'
import type { StepRecord } from '../../../shared/operations/step-record.ts'
import { describePlan, viewOf } from '../../../shared/operations/view.ts'
import { operationView, planView } from '../../../shared/operations/wire.ts'
import { anyPlan, step } from './plans.ts'
import { toyKind } from './toy-kind.ts'

const plan = sequence('all', step('a', 10), parallel('both', step('b', 10), step('c', 30)))
const operation: Operation = {
  id: 'c_0',
  subject: { type: 'cluster', id: 'c' },
  kind: 'build',
  title: 'Build',
  state: 'running',
  attempt: 1,
  requestedBy: 'test',
  createdOn: 1,
  startedOn: 1,
}
const records: StepRecord[] = [
  { id: 'a', kind: 'toy', state: 'done', attempt: 1, begunAt: 0, endedAt: 10_000 },
  { id: 'b', kind: 'toy', state: 'running', attempt: 1, begunAt: 10_000, note: 'Updating' },
]
const view = (more: Partial<Operation> = {}) =>
  viewOf({ ...operation, ...more }, toyKind('build', 'undo'), plan, records, { now: 20_000, speed: 1 })

test('a caller sees how far each step is, when it will be over, and what may be done', () => {
  expect(view()).toEqual({
    ...operation,
    clusterId: 'c',
    progress: 0.25,
    eta: 50,
    allowedActions: [
      { action: 'retry', allowed: false, reason: 'The operation has not ended.', remedy: 'Wait until it has ended, or cancel it.' },
      { action: 'cancel', allowed: true },
    ],
    steps: {
      type: 'sequence',
      title: 'all',
      nodes: [
        { type: 'step', id: 'a', kind: 'toy', title: 'a', seconds: 10, touches: ['/a'], state: 'done', startedOn: 0, endedOn: 10 },
        {
          type: 'parallel',
          title: 'both',
          nodes: [
            {
              type: 'step',
              id: 'b',
              kind: 'toy',
              title: 'b',
              seconds: 10,
              touches: ['/b'],
              state: 'running',
              startedOn: 10,
              note: 'Updating',
            },
            { type: 'step', id: 'c', kind: 'toy', title: 'c', seconds: 30, touches: ['/c'], state: 'waiting' },
          ],
        },
      ],
    },
  })
})

test('an operation that has ended expects nothing, and shows where it was interrupted', () => {
  const { eta, steps } = view({ state: 'cancelled', endedOn: 20 })
  expect(eta).toBeUndefined()
  expect(JSON.stringify(steps)).toContain('"state":"interrupted"')
  expect(view({ state: 'succeeded' }).progress).toBe(1)
})

test('nobody is shown the arguments of a step', () => {
  const args = { bootData: 'swa_key' }
  const secret = { ...step('a'), args }
  const shown = viewOf(operation, undefined, secret, [], { now: 0, speed: 1 })
  expect(JSON.stringify([shown, describePlan(secret)])).not.toContain('swa_key')
})

test('a dry run shows the time of the longest path and everything that would be touched', () => {
  expect(describePlan(plan)).toMatchObject({ seconds: 40, touches: ['/a', '/b', '/c'] })
})

test('every plan survives storage, and every view fits what is documented', () => {
  fc.assert(
    fc.property(anyPlan, (any) => {
      expect(planSchema.parse(JSON.parse(JSON.stringify(any)))).toEqual(any)
      planView.parse(describePlan(any))
      operationView.parse(viewOf(operation, undefined, any, records, { now: 0, speed: 1 }))
    }),
  )
})

test('the views can be written as JSON schemas', () => {
  expect(JSON.stringify(z.toJSONSchema(operationView, { io: 'output' }))).toContain('interrupted')
})

test('two things of one name are refused', () => {
  expect(() => byKind([toyKind('build')], [toyKind('build')])).toThrow('build')
})
