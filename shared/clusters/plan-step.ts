import type { TypicalSeconds } from '../operations/durations.ts'
import type { Json } from '../operations/json.ts'
import type { Step } from '../operations/plan.ts'
import type { StepKind } from '../operations/step.ts'

/** Makes steps of a plan: worded by their kind, timed by the app's own history. */
export type PlanStep = <Args>(kind: StepKind<Args>, subject: string, args: Args) => Step

/** `subject` tells steps of one kind in a plan apart, e.g. the node's name. Arguments are plain data: they are stored as JSON. */
export function stepPlanner(typical: TypicalSeconds): PlanStep {
  return (kind, subject, args) => ({
    type: 'step',
    id: `${kind.kind}:${subject}`,
    kind: kind.kind,
    ...kind.describe(args),
    args: args as Json,
    seconds: typical(kind.kind, kind.seconds),
  })
}
