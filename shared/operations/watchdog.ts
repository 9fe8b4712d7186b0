import type { Services } from '../services.ts'
import type { Stored } from '../storage/table.ts'
import { endOperation } from './end-operation.ts'
import { hasEnded, type Operation } from './operation.ts'
import { orchestrationId } from './operation-id.ts'
import { changeOperation, findOperation, secondsNow } from './operations.ts'
import type { OrchestrationStatus, Orchestrations } from './orchestrations.ts'
import type { Outcome } from './outcome.ts'
import { launch } from './start-operation.ts'
import { errorText } from './step-error.ts'
import { ACTIVE, type ActiveEntry, operationStore, PLAN_ROW } from './store.ts'
import type { Workshop } from './workshop.ts'

/** What is known of an operation that has not been seen to end. */
export interface Findings {
  readonly operation: Operation | undefined
  /** Seconds since it was started or retried. */
  readonly age: number
  readonly status: OrchestrationStatus
  /** Whether the subject's row names it; asked for only where `pending` is all that the operation says. */
  readonly claimed: boolean
}

/** `forget`: nothing is left to watch. `restart`: under a new attempt, so that remains of the old one are stale. */
export type Verdict = 'leave' | 'forget' | 'start' | 'restart' | 'abandon' | 'give-up'

/** Seconds within which whoever starts or ends an operation may still be at it. */
const GRACE = 180
/** An operation whose orchestration breaks so often has hit a bug: a person has to look. */
const MOST_ATTEMPTS = 30

export function judge({ operation, age, status, claimed }: Findings): Verdict {
  if (!operation || hasEnded(operation)) return age > GRACE ? 'forget' : 'leave'
  if (status === 'running') return 'leave'
  if (operation.attempt >= MOST_ATTEMPTS) return 'give-up'
  if (status !== 'missing') return 'restart'
  if (operation.state !== 'pending') return 'restart'
  if (claimed) return 'start'
  return age > GRACE ? 'abandon' : 'leave'
}

/** Operations looked at side by side. */
const AT_ONCE = 16

/** Sees to it that every operation that was claimed runs, and that every one that runs ends. Safe at any time, on several instances at once. */
export async function watchOperations(workshop: Workshop, orchestrations: Orchestrations): Promise<void> {
  const { active } = operationStore(workshop.services.tables)
  let continuation: string | undefined
  do {
    const page = await active.list(ACTIVE, { limit: AT_ONCE, ...(continuation !== undefined && { continuation }) })
    await Promise.all(page.items.map((entry) => watch(workshop, orchestrations, entry)))
    continuation = page.continuation
  } while (continuation !== undefined)
}

/** One that cannot be helped now must not keep the others from it. */
async function watch(workshop: Workshop, orchestrations: Orchestrations, entry: Stored<ActiveEntry>): Promise<void> {
  try {
    await act(workshop, orchestrations, entry)
  } catch (error) {
    workshop.services.log('watchdog-failed', { operation: entry.row, error: errorText(error) })
  }
}

async function act(workshop: Workshop, orchestrations: Orchestrations, entry: Stored<ActiveEntry>): Promise<void> {
  const { services } = workshop
  const operation = await findOperation(services, entry.row)
  const age = secondsNow(services) - entry.value.since
  const open = operation && !hasEnded(operation)
  const status = open ? await orchestrations.status(orchestrationId(operation.id, operation.attempt)) : 'missing'
  const claimed = operation?.state === 'pending' && status === 'missing' && (await isClaimed(workshop, operation))
  const verdict = judge({ operation, age, status, claimed })
  if (verdict === 'forget') {
    const { active, plans } = operationStore(services.tables)
    // Whoever wrote it down broke off before the operation's row: nothing else leads to the plan any more.
    if (!operation) await plans.remove(entry.row, PLAN_ROW)
    return active.remove(ACTIVE, entry.row, entry.etag)
  }
  if (!operation || verdict === 'leave') return

  services.log('operation-restarted', { operation: operation.id, attempt: operation.attempt, found: verdict })
  switch (verdict) {
    case 'start':
      return launch(services, orchestrations, operation)
    case 'restart':
      return restart(services, orchestrations, operation)
    case 'abandon':
      return end(workshop, operation, { state: 'cancelled' })
    case 'give-up':
      return end(workshop, operation, { state: 'failed', step: '', problem: brokenDown })
  }
}

async function restart(services: Services, orchestrations: Orchestrations, operation: Operation): Promise<void> {
  const attempt = operation.attempt + 1
  let mine = false
  const next = await changeOperation(services, operation.id, (current) => {
    mine = current.attempt === operation.attempt && !hasEnded(current)
    return mine ? { ...current, attempt } : undefined
  })
  if (mine && next) await launch(services, orchestrations, next)
}

async function end(workshop: Workshop, { id, attempt }: Operation, outcome: Outcome): Promise<void> {
  await endOperation(workshop, { operation: id, attempt, outcome, undone: true })
}

const isClaimed = async ({ services, kinds }: Workshop, operation: Operation): Promise<boolean> =>
  (await kinds.operations.get(operation.kind)?.claimed(services, operation)) ?? false

const brokenDown = {
  code: 'stuck',
  message: 'The operation broke down again and again.',
  remedy: 'Look for the operation in the log of the app, then retry it.',
  retryable: false,
} as const
