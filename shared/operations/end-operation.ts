import type { Services } from '../services.ts'
import { StaleRowError } from '../storage/table.ts'
import { recordDurations } from './durations.ts'
import { everyRow } from './every-row.ts'
import { hasEnded, type Operation } from './operation.ts'
import { ended, settling } from './operation-state.ts'
import { changeOperation, findOperation, secondsNow } from './operations.ts'
import type { Outcome } from './outcome.ts'
import { ACTIVE, operationStore } from './store.ts'
import type { Workshop } from './workshop.ts'

export interface OperationEnding {
  readonly operation: string
  readonly attempt: number
  /** How the steps ended, or the way back where `undone`. */
  readonly outcome: Outcome
  readonly undone: boolean
}

/** `undo`: what was made has to be taken back before the operation can end. */
export interface Ended {
  readonly next: 'undo' | 'nothing'
}

/** Settles the cluster and closes the operation's row. Runs at least once, in any state. */
export async function endOperation({ services, kinds }: Workshop, ending: OperationEnding): Promise<Ended> {
  const { operation: id, attempt, outcome, undone } = ending
  const operation = await findOperation(services, id)
  if (!operation || operation.attempt !== attempt || hasEnded(operation)) return { next: 'nothing' }
  const settled = settling(operation, outcome, undone)
  if (settled.next === 'undo') return { next: 'undo' }

  const { active } = operationStore(services.tables)
  // Read while nobody can retry yet: a retry writes it anew, and keeps it.
  const entry = await active.get(ACTIVE, id)
  await close(services, operation, settled.outcome, kinds.operations.get(operation.kind)?.ended)
  if (entry) await active.remove(ACTIVE, id, entry.etag).catch(unlessStale)
  return { next: 'nothing' }
}

type EndedHook = (services: Services, operation: Operation, outcome: Outcome) => Promise<void>

async function close(services: Services, operation: Operation, outcome: Outcome, settleCluster: EndedHook | undefined): Promise<void> {
  const { id, attempt, kind } = operation
  // The cluster first: who sees the operation ended may act on the cluster at once.
  await settleCluster?.(services, operation, outcome)
  const { steps } = operationStore(services.tables)
  const records = await everyRow((page) => steps.list(id, page))
  await recordDurations(
    services,
    records.filter((record) => record.attempt === attempt),
  )
  const now = secondsNow(services)
  const closed = await changeOperation(services, id, (current) =>
    current.attempt === attempt && !hasEnded(current) ? ended(current, outcome, now) : undefined,
  )
  services.log('operation-ended', { operation: id, kind, state: closed?.state ?? 'gone', code: closed?.problem?.code ?? '' })
}

function unlessStale(error: unknown): void {
  if (!(error instanceof StaleRowError)) throw error
}
