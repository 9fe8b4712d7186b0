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
  const known = new Map<string, Promise<KnownPlan | undefined>>()

  async function read(operationId: string): Promise<KnownPlan | undefined> {
    const plan = (await store.plans.get(operationId, PLAN_ROW))?.value
    return plan && { plan, steps: new Map(stepsOf(plan).map((step) => [step.id, step])) }
  }

  return (operationId) => {
    const kept = known.get(operationId)
    if (kept) return kept
    const [oldest] = known.keys()
    if (known.size >= KEPT && oldest !== undefined) known.delete(oldest)
    const reading = read(operationId).catch((error: unknown) => {
      known.delete(operationId)
      throw error
    })
    known.set(operationId, reading)
    return reading
  }
}
