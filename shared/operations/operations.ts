import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import { update } from '../storage/update.ts'
import { hasEnded, type Operation } from './operation.ts'
import { subjectIdOf } from './operation-id.ts'
import { operationStore } from './store.ts'

/** Epoch seconds, as operations count them. */
export const secondsNow = (services: Services): number => Math.floor(services.clock.now() / 1000)

/** Undefined: there is none (any more). */
export async function findOperation(services: Services, id: string): Promise<Operation | undefined> {
  const subject = subjectIdOf(id)
  return subject === undefined ? undefined : (await operationStore(services.tables).operations.get(subject, id))?.value
}

/** As `findOperation`; none: ProblemError `not-found`. */
export async function getOperation(services: Services, id: string): Promise<Operation> {
  const operation = await findOperation(services, id)
  if (!operation) throw noOperation()
  return operation
}

export const noOperation = (): ProblemError =>
  new ProblemError({ code: 'not-found', message: 'There is no such operation.', retryable: false })

/** Changes an operation's row; `change` may run several times and answers undefined to leave it. Answers the row as it now is. */
export async function changeOperation(
  services: Services,
  id: string,
  change: (operation: Operation) => Operation | undefined,
): Promise<Operation | undefined> {
  return (await update(operationStore(services.tables).operations, subjectIdOf(id) ?? '', id, change))?.value
}

/** Whether an operation no longer does anything: ended, or gone. What waits for another operation looks at this. */
export async function hasSettled(services: Services, id: string): Promise<boolean> {
  const operation = await findOperation(services, id)
  return !operation || hasEnded(operation)
}
