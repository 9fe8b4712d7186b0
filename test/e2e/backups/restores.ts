import { putBlob } from '../../../local/cloud/storage/blob-store.ts'
import { type Backup, getBackup } from '../../../shared/backups/backup.ts'
import { realClock } from '../../../shared/clock.ts'
import { connectStorage } from '../../../shared/storage/connection.ts'
import { createTables } from '../../../shared/storage/tables.ts'
import type { ClusterWorld } from '../../cluster-world.ts'
import type { Answer, WireCluster } from '../api.ts'
import { arrived, type Stage, stage } from '../journeys/stage.ts'
import { backedUpByApi } from './backups.ts'

export const servicesOf = ({ storage }: ClusterWorld) => ({
  tables: createTables(connectStorage({ connectionString: storage }), 'slipway'),
  clock: realClock,
})

/** A world in which nobody waits for installations: what is restored is told by its disks, not by how long it took. */
export function restoreStage(): Stage {
  const here = stage()
  beforeAll(() => here.turn('latencies', { 'machine.install': 20, 'machine.start': 10 }))
  return here
}

/** A cluster that can be backed up. */
export const keeping = (here: Stage, changes: Record<string, unknown> = {}): Promise<WireCluster> =>
  here.created({ backupRetentionPeriod: 14, ...changes })

/** A backup of the cluster as it is now. */
export async function backup(here: Stage, clusterId: string, name?: string): Promise<Backup> {
  const { backupId } = await backedUpByApi(here, clusterId, name)
  return getBackup(servicesOf(here.world), backupId)
}

/** A cluster that was terminated, its backup, and something that it has left in its container. */
export async function backedUp(here: Stage, changes?: Record<string, unknown>): Promise<{ before: WireCluster; saved: Backup }> {
  const before = await keeping(here, changes)
  const saved = await backup(here, before.id)
  const { azure, landingZone } = here.world.cloud
  const blob = { content: Buffer.of(1), contentType: '', metadata: {} }
  azure.change(() => putBlob(azure, [landingZone.storageAccount, `container-${before.name}`, 'data'], blob))
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
