import type { Cancel, Operation } from './operation.ts'
import { hasEnded } from './operation.ts'
import type { Outcome } from './outcome.ts'

/** The orchestration of `attempt` takes the operation up; undefined: it is stale or too late and has to do nothing. */
export function begun(operation: Operation, attempt: number, now: number): Operation | undefined {
  if (operation.attempt !== attempt || hasEnded(operation)) return undefined
  const startedOn = operation.startedOn ?? now
  return { ...operation, startedOn, state: operation.state === 'pending' ? 'running' : operation.state }
}

/** Somebody calls it off; undefined: it has ended. Who does not want the undo (another operation takes over) has the last word. */
export function calledOff(operation: Operation, cancel: Cancel): Operation | undefined {
  if (hasEnded(operation)) return undefined
  const earlier = operation.cancel
  return { ...operation, state: 'cancelling', cancel: earlier ? { ...earlier, undo: earlier.undo && cancel.undo } : cancel }
}

/** What to do when the steps (or, `undone`, the way back) have settled. */
export type Settling = { readonly next: 'undo' } | { readonly next: 'end'; readonly outcome: Outcome }

export function settling(operation: Operation, outcome: Outcome, undone: boolean): Settling {
  // A cancel that came after the last step came too late; one that came beside a failure still takes back what was made.
  if (undone) return { next: 'end', outcome: outcome.state === 'failed' ? outcome : { state: 'cancelled' } }
  if (outcome.state === 'done' || operation.state !== 'cancelling') return { next: 'end', outcome }
  return operation.cancel?.undo ? { next: 'undo' } : { next: 'end', outcome: { state: 'cancelled' } }
}

export function ended(operation: Operation, outcome: Outcome, now: number): Operation {
  const closed = { ...operation, endedOn: now }
  switch (outcome.state) {
    case 'done':
      return { ...closed, state: 'succeeded' }
    case 'cancelled':
      return { ...closed, state: 'cancelled' }
    case 'failed':
      return { ...closed, state: 'failed', problem: outcome.problem, failedStep: outcome.step }
  }
}

/** The next attempt of an ended operation; what is done stays done. */
export function retried(operation: Operation, by: string): Operation {
  const { id, subject, kind, title, attempt, createdOn } = operation
  return { id, subject, kind, title, createdOn, state: 'pending', attempt: attempt + 1, requestedBy: by }
}
