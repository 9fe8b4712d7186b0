import type { Services } from '../services.ts'
import type { Ledger } from './ledger.ts'

/** What a step kind is given: the world, and the operation that it works for. */
export interface StepContext {
  readonly services: Services
  readonly operationId: string
  /** Id of the cluster (or backup, account) that it works on. */
  readonly subjectId: string
  /** The subject's resource ledger; `intend` before anything is created. */
  readonly ledger: Ledger
  /** Of the operation: 1 until it is retried. */
  readonly attempt: number
  /** When this step first began, epoch milliseconds. */
  readonly begunAt: number
}
