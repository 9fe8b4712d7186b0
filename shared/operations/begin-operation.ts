import { endOperation } from './end-operation.ts'
import { hasEnded, type Operation } from './operation.ts'
import { begun, calledOff } from './operation-state.ts'
import { changeOperation, findOperation, secondsNow } from './operations.ts'
import { type Outline, outlineOf } from './outline.ts'
import { leastNap } from './rhythm.ts'
import type { Workshop } from './workshop.ts'

/** Which orchestration asks. */
export interface OperationAttempt {
  readonly operation: string
  readonly attempt: number
}

/** `wait`: the operation that it supersedes has not settled; ask again after `nap` seconds. `stale`: somebody else works for the operation, or nobody has to. */
export type Beginning =
  | { readonly next: 'go'; readonly outline: Outline }
  | { readonly next: 'wait'; readonly nap: number }
  | { readonly next: 'stale' }

export async function beginOperation(workshop: Workshop, { operation: id, attempt }: OperationAttempt): Promise<Beginning> {
  const { services, plans } = workshop
  const operation = await findOperation(services, id)
  const now = secondsNow(services)
  if (!operation || !begun(operation, attempt, now)) return { next: 'stale' }
  if (operation.supersedes !== undefined && !(await isOutOfTheWay(workshop, operation, operation.supersedes))) {
    return { next: 'wait', nap: leastNap(services.settings) }
  }
  const known = await plans(id)
  let mine = false
  await changeOperation(services, id, (current) => {
    const next = begun(current, attempt, now)
    mine = next !== undefined
    return next
  })
  return known && mine ? { next: 'go', outline: outlineOf(known.plan) } : { next: 'stale' }
}

/** Calls the superseded operation off. One that never began is ended here: its orchestration may be missing. */
async function isOutOfTheWay(workshop: Workshop, { requestedBy }: Operation, id: string): Promise<boolean> {
  const { services } = workshop
  const cancel = { by: requestedBy, undo: false, at: secondsNow(services) }
  const other = await changeOperation(services, id, (current) =>
    current.state === 'cancelling' && !current.cancel?.undo ? undefined : calledOff(current, cancel),
  )
  if (!other || hasEnded(other)) return true
  if (other.startedOn !== undefined) return false
  await endOperation(workshop, { operation: id, attempt: other.attempt, outcome: { state: 'cancelled' }, undone: false })
  return true
}
