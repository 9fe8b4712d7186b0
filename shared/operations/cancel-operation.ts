import type { Services } from '../services.ts'
import { cancelRefusal, refused } from './allowed-actions.ts'
import type { Kinds } from './kinds.ts'
import type { Operation } from './operation.ts'
import { calledOff } from './operation-state.ts'
import { changeOperation, getOperation, secondsNow } from './operations.ts'

/** A user calls an operation off. Again while it is being cancelled is fine; where it may not be: ProblemError `conflict` with the reason. */
export async function cancelOperation(services: Services, kinds: Kinds, id: string, by: string): Promise<Operation> {
  const operation = await getOperation(services, id)
  if (operation.state === 'cancelling') return operation
  const kind = kinds.operations.get(operation.kind)
  const refusal = cancelRefusal(operation, kind)
  if (refusal) throw refused(refusal)
  const cancel = { by, undo: kind?.cancel === 'undo', at: secondsNow(services) }
  return (await changeOperation(services, id, (current) => calledOff(current, cancel))) ?? operation
}
