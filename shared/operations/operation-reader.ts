import type { Operation } from './operation.ts'
import { subjectIdOf } from './operation-id.ts'
import type { OperationStore } from './store.ts'

/** Undefined: there is none. */
export type OperationReader = (operationId: string) => Promise<Operation | undefined>

/**
 * Looks at many steps of one operation come at the same moment: those that wait for the row share one read.
 * What they see is a moment old at most; a look that misses a cancel by that is settled before anything is undone.
 */
export function operationReader(store: OperationStore): OperationReader {
  const reads = new Map<string, Promise<Operation | undefined>>()
  return (operationId) => {
    const shared = reads.get(operationId)
    if (shared) return shared
    const read = store.operations
      .get(subjectIdOf(operationId) ?? '', operationId)
      .then((stored) => stored?.value)
      .finally(() => reads.delete(operationId))
    reads.set(operationId, read)
    return read
  }
}
