import { groupAndName } from './arm-id.ts'
import type { AzureClients } from './clients.ts'
import type { Tags } from './resource-kind.ts'
import { type OperationUrl, submitted } from './submitted.ts'

export interface DiskCopy {
  readonly location: string
  /** ARM id of the snapshot with the contents. */
  readonly snapshot: string
  /** ARM id of the disk whose kind and zone the copy gets: what Azure gives to a disk unasked is slower. */
  readonly like: string
}

/** A disk with what was on another one when its snapshot was made. */
export async function putDiskCopy({ compute }: AzureClients, id: string, copy: DiskCopy, tags: Tags): Promise<OperationUrl> {
  const { sku, zones } = await compute.disks.get(...groupAndName(copy.like))
  const model = {
    location: copy.location,
    tags,
    creationData: { createOption: 'Copy', sourceResourceId: copy.snapshot },
    ...(sku?.name && { sku: { name: sku.name } }),
    ...(zones && { zones }),
  }
  return submitted((options) => compute.disks.createOrUpdate(...groupAndName(id), model, options).submitted())
}

export const diskCopyPermissions: readonly string[] = [
  'Microsoft.Compute/disks/read',
  'Microsoft.Compute/disks/write',
  'Microsoft.Compute/snapshots/read',
]
