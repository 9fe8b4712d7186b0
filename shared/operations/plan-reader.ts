import { type Plan, type Step, stepsOf } from './plan.ts'
import { type OperationStore, PLAN_ROW } from './store.ts'

export interface KnownPlan {
  readonly plan: Plan
  readonly steps: ReadonlyMap<string, Step>
}

/** Undefined: there is no such plan. */
export type PlanReader = (operationId: string) => Promise<KnownPlan | undefined>

/** Plans in memory at a time: those of the operations that run now. */
const KEPT = 64

/** Reads a plan once for all the looks at its steps: it is the large part of an operation, and it never changes. */
export function planReader(store: OperationStore): PlanReader {
  const known = new Map<string, KnownPlan>()
  return async (operationId) => {
    const kept = known.get(operationId)
    if (kept) return kept
    const stored = await store.plans.get(operationId, PLAN_ROW)
    if (!stored) return undefined
    const entry = { plan: stored.value, steps: new Map(stepsOf(stored.value).map((step) => [step.id, step])) }
    const [oldest] = known.keys()
    if (known.size >= KEPT && oldest !== undefined) known.delete(oldest)
    known.set(operationId, entry)
    return entry
  }
}
