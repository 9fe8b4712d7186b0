import type { Services } from '../services.ts'
import { everyRow } from './every-row.ts'
import type { Kinds } from './kinds.ts'
import { subjectIdOf } from './operation-id.ts'
import { getOperation, noOperation } from './operations.ts'
import { operationStore, PLAN_ROW } from './store.ts'
import { summaryOf, viewOf } from './view.ts'
import type { OperationSummary, OperationView } from './wire.ts'

/** One operation with how far its steps are; none of that id: ProblemError `not-found`. */
export async function readOperation(services: Services, kinds: Kinds, id: string): Promise<OperationView> {
  const store = operationStore(services.tables)
  // An id that cannot be one must not reach storage as a key.
  if (subjectIdOf(id) === undefined) throw noOperation()
  const [operation, plan, records] = await Promise.all([
    getOperation(services, id),
    store.plans.get(id, PLAN_ROW),
    everyRow((page) => store.steps.list(id, page)),
  ])
  if (!plan) throw noOperation()
  const { clockSpeed: speed } = services.settings
  return viewOf(operation, kinds.operations.get(operation.kind), plan.value, records, { now: services.clock.now(), speed })
}

export interface OperationsPage {
  readonly operations: readonly OperationSummary[]
  /** Hand it back for the next page; absent on the last one. */
  readonly continuation?: string
}

/** A subject's operations, newest first, also after it is gone; those that were purged are missing. */
export async function listOperations(
  services: Services,
  kinds: Kinds,
  subjectId: string,
  options: { readonly limit?: number; readonly continuation?: string },
): Promise<OperationsPage> {
  // What cannot be an id must not reach storage as a key.
  if (!/^[\w-]{1,64}$/.test(subjectId)) return { operations: [] }
  const { items, continuation } = await operationStore(services.tables).operations.list(subjectId, options)
  return {
    operations: items.map(({ value }) => summaryOf(value, kinds.operations.get(value.kind))),
    ...(continuation !== undefined && { continuation }),
  }
}
