import type { Services } from '../services.ts'
import { refused, retryRefusal } from './allowed-actions.ts'
import type { Kinds } from './kinds.ts'
import type { Operation } from './operation.ts'
import { retried } from './operation-state.ts'
import { changeOperation, getOperation, secondsNow } from './operations.ts'
import type { Orchestrations } from './orchestrations.ts'
import { isRefusal, launch } from './start-operation.ts'
import { ACTIVE, operationStore } from './store.ts'

/** Runs a failed or cancelled operation on from where it stopped. ProblemError `conflict` where it may not be, or its cluster is busy. */
export async function retryOperation(
  services: Services,
  orchestrations: Orchestrations,
  kinds: Pick<Kinds, 'operations'>,
  id: string,
  by: string,
): Promise<Operation> {
  const operation = await getOperation(services, id)
  const kind = kinds.operations.get(operation.kind)
  const refusal = retryRefusal(operation, kind)
  if (refusal) throw refused(refusal)

  await operationStore(services.tables).active.upsert(ACTIVE, id, { since: secondsNow(services) })
  const next = retried(operation, by)
  let won = false
  await changeOperation(services, id, (current) => {
    won = current.attempt === operation.attempt && current.state === operation.state
    return won ? next : undefined
  })
  if (!won) throw refused({ reason: 'Somebody else retries the operation.' })
  try {
    await kind?.reclaim(services, next)
  } catch (error) {
    // As it was, but for the number: an attempt that was once begun is never begun again.
    if (isRefusal(error)) await changeOperation(services, id, () => ({ ...operation, attempt: next.attempt }))
    throw error
  }
  await launch(services, orchestrations, next)
  return next
}
