import { unlessAbsent } from './absent.ts'
import { groupAndName } from './arm-id.ts'
import { observe } from './observe.ts'
import type { RemovableKind } from './resource-kind.ts'

/** Disks are made with their machine, in the machine's own request. */
export const disk: RemovableKind = {
  name: 'disk',
  type: 'Microsoft.Compute/disks',
  noun: 'disk',
  permissions: { create: ['Microsoft.Compute/disks/write'], remove: ['Microsoft.Compute/disks/read', 'Microsoft.Compute/disks/delete'] },
  seconds: { create: 3, remove: 4 },
  get: async ({ compute }, id) => observe(await unlessAbsent(compute.disks.get(...groupAndName(id)))),
  remove: async ({ compute }, id) => {
    await compute.disks.delete(...groupAndName(id)).submitted()
  },
}
