import type { Services } from '../services.ts'
import type { Operation } from './operation.ts'
import type { Outcome } from './outcome.ts'

/** What a kind of operation means for its subject: the cluster, backup or account that it works on. Every function runs at least once. */
export interface OperationKind {
  /** e.g. `create-cluster`; stable, stored. Orchestrations are registered under this name. */
  readonly kind: string
  /** What a user's cancel does: `undo` takes back what was made, `stop` leaves it as it is; absent: it cannot be cancelled by a user. */
  readonly cancel?: 'undo' | 'stop'
  /** Whether the subject's row names this operation as its active one. */
  readonly claimed: (services: Services, operation: Operation) => Promise<boolean>
  /** Makes an ended operation the subject's active one again, for a retry; ProblemError `conflict` (with the reason) where it may not be. */
  readonly reclaim: (services: Services, operation: Operation) => Promise<void>
  /**
   * Settles the subject's row when the operation has ended; called before the operation's own row says so.
   * Only where the row still names this operation: another may have superseded it.
   */
  readonly ended: (services: Services, operation: Operation, outcome: Outcome) => Promise<void>
  /**
   * Begins another operation in this one's place, before `ended`: written down and claimed as `enterOperation` does it, to be started when
   * this one is closed. Undefined: none is wanted.
   */
  readonly follow?: (services: Services, operation: Operation, outcome: Outcome) => Promise<Operation | undefined>
}
