import type { Services } from '../services.ts'
import type { Operation } from './operation.ts'
import type { Orchestrations } from './orchestrations.ts'
import type { Plan } from './plan.ts'

export interface OperationRequest {
  readonly clusterId: string
  /** Key into the operation kinds. */
  readonly kind: string
  readonly title: string
  readonly plan: Plan
  readonly requestedBy: string
  /** The cluster's active operation where this one takes its place: it is called off (without undo) and waited for. */
  readonly supersedes?: string
}

/**
 * Writes the operation down, lets `claim` change the cluster's row with If-Match (state, activeOperation = the operation's id), and starts it.
 * What `claim` throws is thrown on and nothing is left behind. Once `claim` has succeeded the operation runs, whatever happens to this process.
 */
export async function startOperation(
  _services: Services,
  _orchestrations: Orchestrations,
  request: OperationRequest,
  _claim: (operation: Operation) => Promise<void>,
): Promise<Operation> {
  throw new Error(`${request.kind} cannot be started yet.`)
}
