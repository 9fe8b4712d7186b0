import { setUpAccount } from './accounts/setup/operation-kind.ts'
import { backupOperations } from './backups/operation-kinds.ts'
import { clusterOperations } from './clusters/operation-kinds.ts'
import { byKind } from './operations/kinds.ts'
import type { OperationKind } from './operations/operation-kind.ts'
import { openPortsOperation } from './ports/operation-kind.ts'

/** Every kind of operation of the app: add the array that your feature exports. */
export const operationKinds: ReadonlyMap<string, OperationKind> = byKind(clusterOperations, [openPortsOperation], backupOperations, [
  setUpAccount,
])
