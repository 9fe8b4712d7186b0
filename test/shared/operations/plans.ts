import fc, { type Arbitrary } from 'fast-check'
import { type Plan, parallel, type Step, sequence } from '../../../shared/operations/plan.ts'

export const step = (id: string, seconds = 10): Step => ({
  type: 'step',
  id,
  kind: 'toy',
  title: id,
  args: null,
  seconds,
  touches: [`/${id}`],
})

/** Plans of any shape, empty composites included; step ids are unique. */
export const anyPlan: Arbitrary<Plan> = fc
  .letrec<{ plan: Plan }>((tie) => ({
    plan: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.integer({ min: 1, max: 100 }).map((seconds) => step('', seconds)),
      fc.array(tie('plan'), { maxLength: 4 }).map((nodes) => sequence('in turn', ...nodes)),
      fc.array(tie('plan'), { maxLength: 4 }).map((nodes) => parallel('at once', ...nodes)),
    ),
  }))
  .plan.map(numbered)

function numbered(plan: Plan): Plan {
  let count = 0
  const number = (node: Plan): Plan => (node.type === 'step' ? { ...node, id: `s${++count}` } : { ...node, nodes: node.nodes.map(number) })
  return number(plan)
}
