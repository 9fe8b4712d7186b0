import { randomUUID } from 'node:crypto'
import { copied } from '../../../local/cloud/compute/disk-contents.ts'
import { textAt } from '../../../local/cloud/compute/read-json.ts'
import { putBlob } from '../../../local/cloud/storage/blob-store.ts'
import { nameOf } from '../../../shared/azure/arm-id.ts'
import { BACKUP_PARTITION, type Backup, backupTable } from '../../../shared/backups/backup.ts'
import { realClock } from '../../../shared/clock.ts'
import { getCluster } from '../../../shared/clusters/cluster-store.ts'
import { isWorker } from '../../../shared/clusters/node.ts'
import { nodeResources } from '../../../shared/clusters/resources.ts'
import { resourceLedger } from '../../../shared/operations/resource-ledger.ts'
import { connectStorage } from '../../../shared/storage/connection.ts'
import { createTables } from '../../../shared/storage/tables.ts'
import type { ClusterWorld } from '../../cluster-world.ts'
import type { Answer, WireCluster } from '../api.ts'
import { arrived, type Stage } from '../journeys/stage.ts'

export const servicesOf = ({ storage }: ClusterWorld) => ({
  tables: createTables(connectStorage({ connectionString: storage }), 'slipway'),
  clock: realClock,
})

/** A backup of a cluster as it is now. */
export async function backup(world: ClusterWorld, clusterId: string, changes: Partial<Backup> = {}): Promise<Backup> {
  const services = servicesOf(world)
  const { azure } = world.cloud
  const cluster = await getCluster(services, clusterId)
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
    const sku = textAt(source.envelope, 'sku', 'name') ?? ''
    return [{ id: armId, node: node.name, disk: 'data' as const, sizeGb: node.diskSize, sku }]
  })
  for (const snapshot of snapshots) await resourceLedger(services, id, '').created(snapshot.id)
  const createdOn = Math.floor(Date.now() / 1000)
  const saved: Backup = {
    id,
    name: `of-${request.name}`,
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
    ...changes,
  }
  await backupTable(services).insert(BACKUP_PARTITION, id, saved)
  return saved
}

/** A cluster that was terminated, its backup, and what it has left in its container. */
export async function backedUp(here: Stage, changes?: Record<string, unknown>): Promise<{ before: WireCluster; saved: Backup }> {
  const before = await here.created(changes)
  const saved = await backup(here.world, before.id)
  const { azure, landingZone } = here.world.cloud
  const container = `container-${before.name}`
  azure.change(() =>
    putBlob(azure, [landingZone.storageAccount, container, 'data'], { content: Buffer.of(1), contentType: '', metadata: {} }),
  )
  await here.terminated(before.id)
  return { before, saved }
}

interface Asked {
  readonly cluster?: Record<string, unknown>
  readonly query?: string
}

export const askRestore = <Payload = { id: string; operation: string }>(
  { api }: Stage,
  id: string,
  { cluster = {}, query = '' }: Asked = {},
): Promise<Answer<Payload>> => api.call<Payload>('POST', `/api/clusters/restore/${id}${query}`, { cluster })

export async function restored(here: Stage, id: string, asked?: Asked): Promise<WireCluster> {
  const answer = await askRestore(here, id, asked)
  if (answer.code !== 202) throw new Error(`restore: ${answer.code} ${answer.message}`)
  return arrived(here.api, answer.payload.id, 'run', 'running')
}

/** Names of the snapshots that a backup has in Azure. */
export const snapshotsOf = ({ world }: Stage, { snapshots }: Backup): readonly string[] =>
  snapshots.map(({ id }) => nameOf(id)).filter((name) => world.resources().includes(name))
