import * as z from 'zod'
import type { WireBackup } from '../../../shared/backups/wire.ts'
import { until } from '../../until.ts'
import type { Answer } from '../api.ts'
import type { Stage } from '../journeys/stage.ts'
import { waitUntil } from '../waiters.ts'

export const askBackup = (
  { api }: Stage,
  clusterId: string,
  backupName = 'nightly',
): Promise<Answer<{ backupId: string; operation: string }>> => api.call('POST', '/api/backups', { backup: { clusterId, backupName } })

export async function findBackup({ api }: Stage, id: string): Promise<WireBackup | undefined> {
  const answer = await api.call<{ backup: WireBackup }>('GET', `/api/backups/${id}`)
  return answer.code === 404 ? undefined : answer.payload.backup
}

/** As the provider waits: for the cluster to be out of its backup first, and then for the backup. */
export async function backupEnded(here: Stage, clusterId: string, id: string): Promise<WireBackup> {
  const { subject } = await waitUntil('create-backup', async () => {
    const cluster = await here.api.cluster(clusterId)
    const subject = await findBackup(here, id)
    return { state: cluster?.backupPipelineInProgress === true ? 'pending' : (subject?.state ?? 'gone'), subject }
  })
  if (!subject) throw new Error(`backup ${id} is gone`)
  return subject
}

export async function backedUpByApi(here: Stage, clusterId: string, name?: string): Promise<WireBackup> {
  const answer = await askBackup(here, clusterId, name)
  if (answer.code !== 202) throw new Error(`backup: ${answer.code} ${answer.message}`)
  return backupEnded(here, clusterId, answer.payload.backupId)
}

/** Deletes as the provider does. */
export async function backupDeleted(here: Stage, id: string): Promise<void> {
  const answer = await here.api.call('DELETE', `/api/backups/${id}`)
  if (answer.code !== 202) throw new Error(`delete: ${answer.code} ${answer.message}`)
  const { end, subject } = await waitUntil('delete-backup', async () => {
    const subject = await findBackup(here, id)
    return { state: subject?.state ?? 'gone', subject }
  })
  if (end !== 'gone') throw new Error(`backup ${id} was not deleted: ${subject?.stateMessage}`)
}

/** Names of a backup's snapshots in Azure, sorted. */
export const snapshotsIn = ({ world }: Stage, id: string): readonly string[] => world.resources().filter((name) => name.includes(`_${id}`))

/** What the agent of a cluster has been told of its backups, and how that went, oldest first: `BACKUP SUCCEED`. */
export function toldAgent({ world }: Stage, cluster: string): readonly string[] {
  const machines = world.cloud.azure.records('machines').list()
  const head = machines.find(({ value }) => `${value.resourceId}`.endsWith(`/${cluster}-master`))
  const { tasks } = memory.parse(head?.value.memory)
  return Object.values(tasks).flatMap(({ type, status }) => (type.includes('BACKUP') ? `${type} ${status}` : []))
}

const memory = z.object({ tasks: z.record(z.string(), z.object({ type: z.string(), status: z.string() })) })

/** Waits until nothing of a backup is left in Azure, nor in its ledger. */
export const cleared = (here: Stage, id: string): Promise<true> =>
  until(
    async () => (snapshotsIn(here, id).length === 0 && (await here.world.ledger(id, 'created', 'intended')).length === 0) || undefined,
    60,
  )
