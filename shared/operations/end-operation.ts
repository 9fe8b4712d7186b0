import { StaleRowError } from '../storage/table.ts'
import { recordDurations } from './durations.ts'
import { everyRow } from './every-row.ts'
import { hasEnded } from './operation.ts'
import { ended, settling } from './operation-state.ts'
import { changeOperation, findOperation, secondsNow } from './operations.ts'
import type { Orchestrations } from './orchestrations.ts'
import type { Outcome } from './outcome.ts'
import { enterEnd } from './purge-operations.ts'
import { launch } from './start-operation.ts'
import type { StepRecord } from './step-record.ts'
import { ACTIVE, type OperationStore, operationStore } from './store.ts'
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

/** Settles the subject and closes the operation's row. Runs at least once, in any state. Without `orchestrations` what follows is left to the watchdog. */
export async function endOperation(
  { services, kinds }: Workshop,
  ending: OperationEnding,
  orchestrations?: Orchestrations,
): Promise<Ended> {
  const { operation: id, attempt, outcome, undone } = ending
  const operation = await findOperation(services, id)
  if (!operation || operation.attempt !== attempt || hasEnded(operation)) return { next: 'nothing' }
  const settled = settling(operation, outcome, undone)
  if (settled.next === 'undo') return { next: 'undo' }

  const store = operationStore(services.tables)
  const now = secondsNow(services)
  // Read while nobody can retry yet: a retry writes it anew, and keeps it.
  const entry = await store.active.get(ACTIVE, id)
  await enterEnd(store, id, now)
  // The subject first: who sees the operation ended may act on it at once.
  const kind = kinds.operations.get(operation.kind)
  const follower = await kind?.follow?.(services, operation, settled.outcome)
  await kind?.ended(services, operation, settled.outcome)
  const closed = await changeOperation(services, id, (current) =>
    current.attempt === attempt && !hasEnded(current) ? ended(current, settled.outcome, now) : undefined,
  )
  services.log('operation-ended', {
    operation: id,
    kind: operation.kind,
    state: closed?.state ?? 'gone',
    code: closed?.problem?.code ?? '',
  })
  await recordDurations(services, await stepsOfAttempt(store, id, attempt))
  if (entry) await store.active.remove(ACTIVE, id, entry.etag).catch(unlessStale)
  if (follower && orchestrations) await launch(services, orchestrations, follower)
  return { next: 'nothing' }
}

async function stepsOfAttempt({ steps }: OperationStore, id: string, attempt: number): Promise<readonly StepRecord[]> {
  const records = await everyRow((page) => steps.list(id, page))
  return records.filter((record) => record.attempt === attempt)
}

function unlessStale(error: unknown): void {
  if (!(error instanceof StaleRowError)) throw error
}
