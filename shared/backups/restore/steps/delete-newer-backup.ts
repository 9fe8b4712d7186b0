import { done, pending } from '../../../operations/outcome.ts'
import { resourceLedger } from '../../../operations/resource-ledger.ts'
import type { StepKind } from '../../../operations/step.ts'
import { updateBackup } from '../../backup.ts'
import { forgetBackup } from '../../steps/progress.ts'
import { removeSnapshots } from '../../steps/snapshots.ts'

interface DeleteArgs {
  readonly backupId: string
  readonly name: string
  /** ARM ids. */
  readonly snapshots: readonly string[]
}

/**
 * The container has been rolled back: a backup that says what was in it later has failed, and goes. Whoever deletes it meanwhile,
 * or finds this step stopped half-way, does the same to it.
 */
export const deleteNewerBackup: StepKind<DeleteArgs> = {
  kind: 'restore.delete-newer-backup',
  permissions: removeSnapshots.permissions,
  seconds: removeSnapshots.seconds,
  describe: ({ name, snapshots }) => ({ title: `delete the newer backup ${name}`, touches: snapshots }),
  async begin(context, { backupId, snapshots }) {
    const { services, operationId } = context
    const backup = await updateBackup(services, backupId, (current) =>
      current.state === 'succeed' ? { ...current, state: 'failed', stateMessage: ROLLED_BACK } : undefined,
    )
    if (!backup) return done()
    if (backup.state === 'deleting') return pending({ note: 'It is being deleted.' })
    const ofBackup = { ...context, subjectId: backupId, ledger: resourceLedger(services, backupId, operationId) }
    const look = await removeSnapshots.begin(ofBackup, { ids: snapshots })
    return look.state === 'done' ? forgetBackup.begin(ofBackup, null) : look
  },
}

const ROLLED_BACK = 'The container has been rolled back to what it held before this backup.'
