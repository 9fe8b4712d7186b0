import { cancelRefusal, type Refusal, retryRefusal } from './allowed-actions.ts'
import { hasEnded, type Operation } from './operation.ts'
import type { OperationKind } from './operation-kind.ts'
import { criticalPath, type Plan, type Step, stepsOf } from './plan.ts'
import { progressOf, type Records, secondsLeft } from './progress.ts'
import type { StepRecord } from './step-record.ts'
import type { OperationSummary, OperationView, PlanView, ShownNode, ShownStep } from './wire.ts'

/** A plan as a dry run shows it; nothing has begun. */
export function describePlan(plan: Plan): PlanView {
  return {
    seconds: criticalPath(plan),
    steps: shown(plan, () => undefined, false),
    touches: [...new Set(stepsOf(plan).flatMap((step) => step.touches))],
  }
}

export function summaryOf(operation: Operation, kind: OperationKind | undefined): OperationSummary {
  const { cancel: _cancel, supersedes: _supersedes, ...shared } = operation
  return {
    ...shared,
    ...(shared.subject.type === 'cluster' && { clusterId: shared.subject.id }),
    allowedActions: [
      { action: 'retry', ...permission(retryRefusal(operation, kind)) },
      { action: 'cancel', ...permission(cancelRefusal(operation, kind)) },
    ],
  }
}

/** An operation with its steps. `now`: epoch milliseconds; `speed`: how many times faster than the real one its Azure runs. */
export function viewOf(
  operation: Operation,
  kind: OperationKind | undefined,
  plan: Plan,
  records: readonly StepRecord[],
  { now, speed }: { readonly now: number; readonly speed: number },
): OperationView {
  const byId = new Map(records.map((record) => [record.id, record]))
  const find: Records = (id) => byId.get(id)
  const goesOn = operation.state === 'pending' || operation.state === 'running'
  return {
    ...summaryOf(operation, kind),
    progress: operation.state === 'succeeded' ? 1 : Math.round(progressOf(plan, find, now, speed) * 1000) / 1000,
    ...(goesOn && { eta: Math.ceil(now / 1000 + secondsLeft(plan, find, now, speed) / speed) }),
    steps: shown(plan, find, hasEnded(operation)),
  }
}

function shown(plan: Plan, records: Records, over: boolean): ShownNode {
  if (plan.type === 'step') return shownStep(plan, records(plan.id), over)
  return { type: plan.type, title: plan.title, nodes: plan.nodes.map((node) => shown(node, records, over)) }
}

function shownStep({ args: _args, ...step }: Step, record: StepRecord | undefined, over: boolean): ShownStep {
  if (!record) return { ...step, state: 'waiting' }
  const { state, begunAt, endedAt, note, problem } = record
  return {
    ...step,
    state: over && (state === 'running' || state === 'undoing') ? 'interrupted' : state,
    startedOn: Math.floor(begunAt / 1000),
    ...(endedAt !== undefined && { endedOn: Math.floor(endedAt / 1000) }),
    ...(note !== undefined && { note }),
    ...(problem && { problem }),
  }
}

const permission = (refusal: Refusal | undefined) => (refusal ? { allowed: false, ...refusal } : { allowed: true })
