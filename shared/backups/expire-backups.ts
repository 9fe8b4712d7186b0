import { secondsNow } from '../operations/operations.ts'
import type { Orchestrations } from '../operations/orchestrations.ts'
import { errorText } from '../operations/step-error.ts'
import type { Services } from '../services.ts'
import { listBackups } from './backup.ts'
import { deleteBackup } from './delete-backup.ts'

/** Deletes what is older than its cluster kept backups for. One that cannot go now (it is being restored) is looked at again the next time. */
export async function expireBackups(services: Services, orchestrations: Orchestrations): Promise<void> {
  const now = secondsNow(services)
  const ended = (await listBackups(services)).filter(
    ({ state, expiresOn }) => (state === 'succeed' || state === 'failed') && expiresOn <= now,
  )
  for (const { id } of ended) {
    try {
      await deleteBackup(services, orchestrations, id, 'retention')
      services.log('backup-expired', { backup: id })
    } catch (error) {
      services.log('backup-not-expired', { backup: id, error: errorText(error) })
    }
  }
}
