import { arrived } from '../../e2e/journeys/stage.ts'
import { small } from './cluster-examples.ts'
import { ended, terminated } from './ended.ts'
import type { Guide } from './guide.ts'

/** A backup, and a cluster that is made from it once the one that it is of has gone. */
export async function backupExamples({ show, world }: Guide): Promise<void> {
  const { api } = world
  const clusterId = await api.create({ name: 'saved', blobContainerName: 'saved', backupRetentionPeriod: 14, ...small })
  await arrived(api, clusterId, 'run', 'running')
  const backup = { body: { backup: { clusterId, backupName: 'before the release' } } }
  await show('backups-create', { ...backup, query: { dryRun: 'true' } })
  const { backupId = '', operation = '' } = await show('backups-create', backup)
  const { state, problem } = await ended(api, operation)
  if (state !== 'succeeded') throw new Error(`the backup ${state}: ${problem?.message}`)
  await show('backups-list', { query: { clusterId } })
  await show('backups-get', { params: { backupId } })
  await terminated(api, clusterId)
  const restored = await show('backups-restore', { params: { backupId }, body: { cluster: { name: 'restored' } } })
  // A backup that is being restored cannot be deleted.
  await api.call('POST', `/api/operations/${restored.operation}/cancel`)
  await ended(api, restored.operation ?? '')
  await api.call('DELETE', `/api/clusters/${restored.id}`)
  await show('backups-delete', { params: { backupId } })
}
