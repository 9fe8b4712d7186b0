import { everyRow } from '../operations/every-row.ts'
import type { Operation } from '../operations/operation.ts'
import { operationStore } from '../operations/store.ts'
import type { Services } from '../services.ts'
import { findCluster } from './cluster-store.ts'
import { kindNames } from './operation-kinds.ts'

/**
 * The operation that made the cluster, also when the cluster is gone since; undefined: it was never made.
 * An attempt that broke off before the cluster's row was written leaves an operation too, which never begins.
 */
export async function findCreation(services: Services, clusterId: string): Promise<Operation | undefined> {
  const [cluster, operations] = await Promise.all([
    findCluster(services, clusterId),
    everyRow((page) => operationStore(services.tables).operations.list(clusterId, page)),
  ])
  const creations = operations.filter(({ kind }) => kind === kindNames.create || kind === kindNames.restore)
  const named = [cluster?.activeOperation?.id, cluster?.failed?.operationId]
  const claimed = creations.find(({ id, startedOn }) => startedOn !== undefined || named.includes(id))
  if (claimed) return claimed
  // Something else was done to it before its creation began.
  return operations.length > creations.length ? creations[0] : undefined
}
