import { BACKUP_PARTITION, type Backup, backupTable, listBackups } from '../../../shared/backups/backup.ts'
import { expireBackups } from '../../../shared/backups/expire-backups.ts'
import { secondsNow } from '../../../shared/operations/operations.ts'
import type { Orchestrations } from '../../../shared/operations/orchestrations.ts'
import { azurite } from '../../azurite.ts'
import { draftedCluster } from '../clusters/drafts.ts'
import { testServices } from '../operations/test-services.ts'

test('backups go when their time is over, finished or failed; one that is still being taken stays', async () => {
  const { services, clock } = testServices(azurite().connectionString)
  const started: string[] = []
  const orchestrations: Orchestrations = {
    start: async (name) => void started.push(name),
    status: async () => 'missing',
    purge: async () => undefined,
  }
  const keep = async (name: string, state: Backup['state'], seconds: number) => {
    const now = secondsNow(services)
    const backup: Backup = {
      id: name,
      name,
      clusterId: 'gone',
      clusterName: 'gone',
      accountId: 'default',
      state,
      stateMessage: '',
      createdOn: now,
      expiresOn: now + seconds,
      operationId: '',
      snapshots: [],
      cluster: { request: draftedCluster({}).request },
    }
    await backupTable(services).insert(BACKUP_PARTITION, name, backup)
  }
  await keep('old', 'succeed', 60)
  await keep('failed', 'failed', 60)
  await keep('young', 'succeed', 3600)
  await keep('slow', 'processing', 60)
  const deleting = async () => (await listBackups(services)).filter(({ state }) => state === 'deleting').map(({ id }) => id)

  await expireBackups(services, orchestrations)
  expect(await deleting()).toEqual([])
  clock.advance(61_000)
  await expireBackups(services, orchestrations)
  expect((await deleting()).sort()).toEqual(['failed', 'old'])
  expect(started).toEqual(['delete-backup', 'delete-backup'])
  await expireBackups(services, orchestrations)
  expect(started).toHaveLength(2)
})
