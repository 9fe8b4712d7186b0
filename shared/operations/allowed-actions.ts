import { ProblemError } from '../problem.ts'
import { hasEnded, type Operation } from './operation.ts'
import type { OperationKind } from './operation-kind.ts'

/** Why something may not be done now, and what would help. */
export interface Refusal {
  readonly reason: string
  readonly remedy?: string
}

/** Undefined: a user may retry the operation. Whether its cluster is busy with another one is known only when a retry is asked for. */
export function retryRefusal(operation: Operation, kind: OperationKind | undefined): Refusal | undefined {
  if (!kind) return { reason: `This version of the app does not know ${operation.kind}.` }
  if (operation.state === 'succeeded') return { reason: 'The operation has succeeded: there is nothing to retry.' }
  if (!hasEnded(operation)) return { reason: 'The operation has not ended.', remedy: 'Wait until it has ended, or cancel it.' }
  return undefined
}

/** Undefined: a user may cancel the operation. */
export function cancelRefusal(operation: Operation, kind: OperationKind | undefined): Refusal | undefined {
  if (hasEnded(operation)) return { reason: 'The operation has ended.' }
  if (operation.state === 'cancelling') return { reason: 'The operation is being cancelled.' }
  if (kind?.cancel) return undefined
  const remedy = operation.subject.type === 'cluster' && 'Delete the cluster to stop everything that is done to it.'
  return { reason: 'This kind of operation cannot be cancelled.', ...(remedy && { remedy }) }
}

/** A refusal as the caller who asked all the same gets it. */
export const refused = ({ reason, remedy }: Refusal): ProblemError =>
  new ProblemError({ code: 'conflict', message: reason, retryable: false, ...(remedy !== undefined && { remedy }) })
