import { findCluster } from '../../clusters/cluster-store.ts'
import { everyRow } from '../../operations/every-row.ts'
import { hasEnded, type Operation } from '../../operations/operation.ts'
import { operationStore } from '../../operations/store.ts'
import { ProblemError } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { type Backup, findBackup, updateBackup } from '../backup.ts'

/** The kind of operation that restores. */
export const RESTORE = 'restore-cluster'

/**
 * A backup is held for the cluster that is restored from it: meanwhile nobody deletes it or restores it a second time. A hold counts only
 * while an operation on that cluster restores it, so none is left behind, however the operation ends.
 */
export async function isHeld({ tables }: Pick<Services, 'tables'>, { restoring }: Backup): Promise<boolean> {
  if (restoring === undefined) return false
  const operations = await everyRow((page) => operationStore(tables).operations.list(restoring, page))
  return operations.some((operation) => operation.kind === RESTORE && !hasEnded(operation))
}

/** ProblemError `conflict` where the backup cannot be restored to the cluster now. */
export async function checkRestorable(services: Services, backup: Backup, clusterId: string): Promise<void> {
  if (backup.state !== 'succeed') throw refused(`backup is ${backup.state} and cannot be restored`, 'GET /api/backups lists the others.')
  if (backup.restoring !== clusterId && (await isHeld(services, backup)))
    throw refused('backup is being restored', 'Wait until its restore has ended, or cancel it.')
}

/** As `checkRestorable`, and holds it. */
export async function holdBackup(services: Services, backupId: string, clusterId: string): Promise<void> {
  const backup = await findBackup(services, backupId)
  if (!backup) throw refused('backup has been deleted', 'Terminate the cluster.')
  await checkRestorable(services, backup, clusterId)
  // Written also where it stands: whoever has looked meanwhile whether it is held has to look again.
  const held = await updateBackup(services, backupId, (current) => {
    const isOthers = current.restoring !== backup.restoring && current.restoring !== clusterId
    if (current.state !== backup.state || isOthers) throw overtaken
    return { ...current, restoring: clusterId }
  })
  if (!held) throw overtaken
}

/** For a restore that goes on after it had ended. */
export async function holdAgain(services: Services, { subject: { id } }: Operation): Promise<void> {
  const { restoredFrom } = (await findCluster(services, id)) ?? {}
  if (restoredFrom !== undefined) await holdBackup(services, restoredFrom, id)
}

const refused = (message: string, remedy: string) => new ProblemError({ code: 'conflict', message, remedy, retryable: false })

const overtaken = new ProblemError({
  code: 'conflict',
  message: 'Something else is being done with the backup. Try again.',
  retryable: true,
})
