import { nameOf } from '../../../azure/arm-id.ts'
import { disk } from '../../../azure/disk.ts'
import { diskCopyPermissions, putSnapshotCopy, type SnapshotCopy } from '../../../azure/disk-copy.ts'
import type { ResourceKind } from '../../../azure/resource-kind.ts'
import { type CreateArgs, createStep } from '../../../clusters/steps/creation.ts'
import type { StepKind } from '../../../operations/step.ts'

const diskFromSnapshot: ResourceKind<SnapshotCopy> = {
  ...disk,
  name: 'restore-disk',
  permissions: { ...disk.permissions, create: diskCopyPermissions },
  put: putSnapshotCopy,
}

/** A data disk of the new cluster's own, with what was on the one that was backed up. */
export const restoreDisk: StepKind<CreateArgs<SnapshotCopy>> = {
  ...createStep(diskFromSnapshot),
  describe: ({ id, model }) => ({ title: `copy snapshot ${nameOf(model.snapshot)} to disk ${nameOf(id)}`, touches: [id] }),
}
