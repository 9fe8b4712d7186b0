import type { Services } from '../services.ts'
import { rowKey } from '../storage/row-key.ts'
import { everyRow } from './every-row.ts'
import { hasEnded } from './operation.ts'
import { subjectIdOf } from './operation-id.ts'
import { findOperation, secondsNow } from './operations.ts'
import { type OperationStore, operationStore, PLAN_ROW } from './store.ts'

const ENDED = 'ended'
const DAY = 86_400
/** Operations removed in one run: the next one goes on. */
const MOST = 1000

/** Enters an end, in the order of time, for the day when the operation is purged. A retried operation has several. */
export async function enterEnd(store: OperationStore, operationId: string, endedOn: number): Promise<void> {
  await store.ended.upsert(ENDED, `${String(endedOn).padStart(12, '0')}_${operationId}`, { operationId })
}

/** Removes operations that ended longer ago than they are to be kept, with their plans and steps. Answers how many. */
export async function purgeOperations(services: Services): Promise<number> {
  const store = operationStore(services.tables)
  const oldest = secondsNow(services) - services.settings.retentionDays * DAY
  const { items } = await store.ended.list(ENDED, { limit: MOST })
  const due = items.filter(({ row }) => Number.parseInt(row, 10) < oldest)
  let purged = 0
  for (const { row, value } of due) {
    if (await purge(services, store, value.operationId, oldest)) purged++
    await store.ended.remove(ENDED, row)
  }
  return purged
}

/** The row that people see goes last: what breaks off is found again. */
async function purge(services: Services, store: OperationStore, id: string, oldest: number): Promise<boolean> {
  const operation = await findOperation(services, id)
  if (!operation || !hasEnded(operation) || (operation.endedOn ?? 0) >= oldest) return false
  for (const step of await everyRow((page) => store.steps.list(id, page))) await store.steps.remove(id, rowKey(step.id))
  await store.plans.remove(id, PLAN_ROW)
  await store.operations.remove(subjectIdOf(id) ?? '', id)
  return true
}
