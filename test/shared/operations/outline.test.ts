import fc from 'fast-check'
import { type Outline, outlineOf, reversed } from '../../../shared/operations/outline.ts'
import { type Plan, parallel, sequence, stepsOf } from '../../../shared/operations/plan.ts'
import { anyPlan, step } from './plans.ts'

/** Every pair of steps of which one has to be over before the other begins. */
function ordersOfPlan(plan: Plan): string[] {
  if (plan.type === 'step') return []
  const inner = plan.nodes.flatMap(ordersOfPlan)
  return plan.type === 'sequence' ? [...inner, ...pairs(plan.nodes.map((node) => stepsOf(node).map(({ id }) => id)))] : inner
}

function ordersOfOutline(outline: Outline): string[] {
  const inner = outline.flatMap((unit) => ('parallel' in unit ? unit.parallel.flatMap(ordersOfOutline) : []))
  return [...inner, ...pairs(outline.map((unit) => stepsIn([unit])))]
}

const stepsIn = (outline: Outline): string[] => outline.flatMap((unit) => ('step' in unit ? [unit.step] : unit.parallel.flatMap(stepsIn)))

const pairs = (groups: readonly (readonly string[])[]): string[] =>
  groups.flatMap((group, index) =>
    group.flatMap((before) => groups.slice(index + 1).flatMap((later) => later.map((after) => `${before}<${after}`))),
  )

test('an outline has the steps of its plan, in the same order', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      expect(stepsIn(outlineOf(plan))).toEqual(stepsOf(plan).map(({ id }) => id))
      expect(ordersOfOutline(outlineOf(plan)).toSorted()).toEqual(ordersOfPlan(plan).toSorted())
    }),
  )
})

test('every branch of an outline is worth an orchestration: several side by side, none empty', () => {
  const check = (outline: Outline): boolean =>
    outline.every(
      (unit) => 'step' in unit || (unit.parallel.length > 1 && unit.parallel.every((branch) => branch.length > 0 && check(branch))),
    )
  fc.assert(fc.property(anyPlan, (plan) => check(outlineOf(plan))))
})

test('the way back turns every order round, and there and back is the same', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      const outline = outlineOf(plan)
      const turned = ordersOfOutline(outline).map((order) => order.split('<').toReversed().join('<'))
      expect(ordersOfOutline(reversed(outline)).toSorted()).toEqual(turned.toSorted())
      expect(reversed(reversed(outline))).toEqual(outline)
    }),
  )
})

test('a machine with its parts reads as it is run', () => {
  const plan = sequence(
    'create',
    step('a'),
    parallel('parts', step('b'), sequence('inner', step('c'), sequence('more', step('d')))),
    step('e'),
  )
  expect(outlineOf(plan)).toEqual([{ step: 'a' }, { parallel: [[{ step: 'b' }], [{ step: 'c' }, { step: 'd' }]] }, { step: 'e' }])
})
