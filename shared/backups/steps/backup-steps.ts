import type { AnyStepKind } from '../../operations/kinds.ts'
import { dropFromCluster, finishBackup, giveUpBackup, prepareBackup } from './agent.ts'
import { enterBackupState, forgetBackup } from './progress.ts'
import { removeSnapshots, saveDisk } from './snapshots.ts'

export const backupSteps: readonly AnyStepKind[] = [
  enterBackupState,
  prepareBackup,
  saveDisk,
  finishBackup,
  giveUpBackup,
  dropFromCluster,
  removeSnapshots,
  forgetBackup,
]
