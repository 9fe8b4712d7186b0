import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import type { Operation, Subject } from './operation.ts'
import { newOperationId, orchestrationId } from './operation-id.ts'
import { secondsNow } from './operations.ts'
import type { Orchestrations } from './orchestrations.ts'
import type { Plan } from './plan.ts'
import { errorText } from './step-error.ts'
import { ACTIVE, operationStore, PLAN_ROW } from './store.ts'

export interface OperationRequest {
  readonly subject: Subject
  /** Key into the operation kinds. */
  readonly kind: string
  readonly title: string
  readonly plan: Plan
  readonly requestedBy: string
  /** The subject's active operation where this one takes its place: it is called off (without undo) and waited for. */
  readonly supersedes?: string
}

/**
 * Writes the operation down, lets `claim` change the subject's row with If-Match (state, activeOperation = the operation's id), and starts it.
 * What `claim` refuses is thrown on and nothing is left behind. Once `claim` has succeeded the operation runs, whatever happens to this process.
 */
export async function startOperation(
  services: Services,
  orchestrations: Orchestrations,
  request: OperationRequest,
  claim: (operation: Operation) => Promise<void>,
): Promise<Operation> {
  const operation = await enterOperation(services, request, claim)
  await launch(services, orchestrations, operation)
  return operation
}

/** As `startOperation`, without the start: whoever calls sees to it, or the watchdog does. */
export async function enterOperation(
  services: Services,
  request: OperationRequest,
  claim: (operation: Operation) => Promise<void>,
): Promise<Operation> {
  const { operations, plans, active } = operationStore(services.tables)
  const { plan, ...what } = request
  const id = newOperationId(request.subject.id, services.clock.now())
  const now = secondsNow(services)
  const operation: Operation = { ...what, id, state: 'pending', attempt: 1, createdOn: now }

  // First what the watchdog clears away when nothing follows, then the row that people see.
  await Promise.all([plans.insert(id, PLAN_ROW, plan), active.insert(ACTIVE, id, { since: now })])
  await operations.insert(request.subject.id, id, operation)
  try {
    await claim(operation)
  } catch (error) {
    if (isRefusal(error)) await withdraw(services, operation)
    throw error
  }
  return operation
}

/** The watched entry goes last: what breaks off here is cleared away by the watchdog, and must not hide why the claim was refused. */
async function withdraw(services: Services, { subject, id }: Operation): Promise<void> {
  const { operations, plans, active } = operationStore(services.tables)
  try {
    await Promise.all([operations.remove(subject.id, id), plans.remove(id, PLAN_ROW)])
    await active.remove(ACTIVE, id)
  } catch (error) {
    services.log('operation-not-started', { operation: id, error: errorText(error) })
  }
}

/** Starts the orchestration of the operation's attempt. A start that fails is left to the watchdog: the operation is claimed. */
export async function launch(services: Services, orchestrations: Orchestrations, { id, kind, attempt }: Operation): Promise<void> {
  try {
    await orchestrations.start(kind, orchestrationId(id, attempt), { operation: id, attempt })
    services.log('operation-started', { operation: id, kind, attempt })
  } catch (error) {
    services.log('operation-not-started', { operation: id, error: errorText(error) })
  }
}

/** A claim that broke off may have come through all the same: then the watchdog finds out. */
export const isRefusal = (error: unknown): boolean => error instanceof ProblemError && error.problem.code !== 'transient'
