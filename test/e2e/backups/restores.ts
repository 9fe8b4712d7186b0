import { randomUUID } from 'node:crypto'
import { copied } from '../../../local/cloud/compute/disk-contents.ts'
import { textAt } from '../../../local/cloud/compute/read-json.ts'
import { BACKUP_PARTITION, type Backup, backupTable } from '../../../shared/backups/backup.ts'
import { realClock } from '../../../shared/clock.ts'
import { getCluster } from '../../../shared/clusters/cluster-store.ts'
import { isWorker } from '../../../shared/clusters/node.ts'
import { nodeResources } from '../../../shared/clusters/resources.ts'
import { resourceLedger } from '../../../shared/operations/resource-ledger.ts'
import { connectStorage } from '../../../shared/storage/connection.ts'
import { createTables } from '../../../shared/storage/tables.ts'
import type { ClusterWorld } from '../../cluster-world.ts'

export const tablesOf = ({ storage }: ClusterWorld) => createTables(connectStorage({ connectionString: storage }), 'slipway')

/** A backup of a cluster as it is now. */
export async function savedBackup(world: ClusterWorld, clusterId: string, createdOn = Math.floor(Date.now() / 1000)): Promise<Backup> {
  const tables = tablesOf(world)
  const { azure } = world.cloud
  const cluster = await getCluster({ tables }, clusterId)
  const { request, autoscale } = cluster
  const id = randomUUID()
  const snapshots = cluster.nodes.flatMap((node) => {
    const source = isWorker(node) ? undefined : azure.resources.get(nodeResources(cluster, node).dataDisk ?? '')
    if (!source) return []
    const name = `Backup_${node.name}_${id}`
    const armId = source.id.replace(/\/disks\/.*/, `/snapshots/${name}`)
    azure.change(() =>
      azure.resources.put({ ...source, id: armId, type: 'Microsoft.Compute/snapshots', name, envelope: {}, hidden: copied(source) }),
    )
    return [{ id: armId, node: node.name, disk: 'data' as const, sizeGb: node.diskSize, sku: textAt(source.envelope, 'sku', 'name') ?? '' }]
  })
  for (const snapshot of snapshots) await resourceLedger({ tables, clock: realClock }, id, '').created(snapshot.id)
  const backup: Backup = {
    id,
    name: 'nightly',
    clusterId,
    clusterName: request.name,
    accountId: cluster.accountId,
    state: 'succeed',
    stateMessage: '',
    createdOn,
    expiresOn: createdOn + 86_400,
    operationId: '',
    snapshots,
    cluster: { request, ...(autoscale && { autoscale }) },
  }
  await backupTable({ tables }).insert(BACKUP_PARTITION, id, backup)
  return backup
}
