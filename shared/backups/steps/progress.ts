import { removePassword } from '../../clusters/first-password.ts'
import { forgetSubmissions } from '../../clusters/steps/submissions.ts'
import { done } from '../../operations/outcome.ts'
import type { StepKind } from '../../operations/step.ts'
import { type Backup, isTaken, removeBackup, updateBackup } from '../backup.ts'

interface EnterArgs {
  readonly state: Backup['state']
}

/** How far the backup is, for those who look at it. */
export const enterBackupState: StepKind<EnterArgs> = {
  kind: 'backup.enter',
  permissions: [],
  seconds: 0,
  describe: ({ state }) => ({ title: `show the backup as ${state}`, touches: [] }),
  async begin({ services, subjectId, operationId }, { state }) {
    await updateBackup(services, subjectId, (backup) =>
      backup.operationId === operationId && isTaken(backup) && backup.state !== state
        ? { ...backup, state, stateMessage: state }
        : undefined,
    )
    return done()
  },
}

/** The last step of a deletion: nothing of the backup is left but its ledger. */
export const forgetBackup: StepKind<null> = {
  kind: 'backup.forget',
  permissions: [],
  seconds: 0,
  describe: () => ({ title: 'forget the backup', touches: [] }),
  async begin({ services, subjectId }) {
    await Promise.all([removePassword(services, subjectId), forgetSubmissions(services, subjectId)])
    await removeBackup(services, subjectId)
    return done()
  },
}
