import { unlessAbsent } from './absent.ts'
import { groupAndName } from './arm-id.ts'
import { observe } from './observe.ts'
import type { ResourceKind } from './resource-kind.ts'
import { submitted } from './submitted.ts'

export interface SnapshotModel {
  readonly location: string
  /** ARM id of the disk. */
  readonly source: string
}

/** Incremental: only what has changed since the last one of the same disk is stored, and paid for [learn: disks-incremental-snapshots]. */
export const snapshot: ResourceKind<SnapshotModel> = {
  name: 'snapshot',
  type: 'Microsoft.Compute/snapshots',
  noun: 'snapshot',
  permissions: {
    create: [
      'Microsoft.Compute/snapshots/read',
      'Microsoft.Compute/snapshots/write',
      'Microsoft.Compute/disks/read',
      'Microsoft.Compute/disks/beginGetAccess/action',
    ],
    remove: ['Microsoft.Compute/snapshots/read', 'Microsoft.Compute/snapshots/delete'],
  },
  seconds: { create: 5, remove: 4 },
  put({ compute }, id, { location, source }, tags) {
    const model = { location, tags, incremental: true, creationData: { createOption: 'Copy', sourceResourceId: source } }
    return submitted((options) => compute.snapshots.createOrUpdate(...groupAndName(id), model, options).submitted())
  },
  get: async ({ compute }, id) => observe(await unlessAbsent(compute.snapshots.get(...groupAndName(id)))),
  remove: async ({ compute }, id) => {
    await compute.snapshots.delete(...groupAndName(id)).submitted()
  },
}
