import type { AnyStepKind } from '../../../operations/kinds.ts'
import { checkContainerFree } from './check-container-free.ts'
import { deleteNewerBackup } from './delete-newer-backup.ts'
import { restoreData } from './restore-data.ts'
import { restoreDisk } from './restore-disk.ts'

/** What the plans of restores are made of besides the clusters' own steps. */
export const restoreSteps: readonly AnyStepKind[] = [checkContainerFree, restoreDisk, restoreData, deleteNewerBackup]
