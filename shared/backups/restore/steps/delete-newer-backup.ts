import { azureStep } from '../../../azure/azure-step.ts'
import { snapshot } from '../../../azure/snapshot.ts'
import { removePassword } from '../../../clusters/first-password.ts'
import { removal } from '../../../clusters/steps/removal.ts'
import { worldOf } from '../../../clusters/steps/world.ts'
import { done } from '../../../operations/outcome.ts'
import { resourceLedger } from '../../../operations/resource-ledger.ts'
import type { StepKind } from '../../../operations/step.ts'
import { removeBackup, updateBackup } from '../../backup.ts'

interface DeleteArgs {
  readonly backupId: string
  readonly name: string
  /** ARM ids. */
  readonly snapshots: readonly string[]
}

/** A backup that the rolled back container has made worthless. */
export const deleteNewerBackup: StepKind<DeleteArgs> = azureStep({
  kind: 'restore.delete-newer-backup',
  permissions: snapshot.permissions.remove,
  seconds: snapshot.seconds.remove,
  describe: ({ name, snapshots }) => ({ title: `delete the newer backup ${name}`, touches: snapshots }),
  async begin(context, { backupId, snapshots }) {
    const { services, operationId } = context
    const { clients } = await worldOf(context)
    await updateBackup(services, backupId, (backup) =>
      backup.state === 'deleting' ? undefined : { ...backup, state: 'deleting', stateMessage: 'deleting', operationId },
    )
    const ofBackup = { ...context, subjectId: backupId, ledger: resourceLedger(services, backupId, operationId) }
    const look = await removal(ofBackup, clients, snapshots)
    if (look.state !== 'done') return look
    await removePassword(services, backupId)
    await removeBackup(services, backupId)
    return done()
  },
})
