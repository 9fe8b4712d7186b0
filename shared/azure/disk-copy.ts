import { groupAndName } from './arm-id.ts'
import type { AzureClients } from './clients.ts'
import type { Tags } from './resource-kind.ts'
import { type OperationUrl, submitted } from './submitted.ts'

interface Contents {
  readonly location: string
  /** ARM id of the snapshot with the contents. */
  readonly snapshot: string
}

/** A disk with what a snapshot holds, of a kind that is known. */
export interface SnapshotCopy extends Contents {
  /** e.g. `Premium_LRS` */
  readonly sku?: string | undefined
  readonly zones?: string[] | undefined
}

export function putSnapshotCopy(
  { compute }: AzureClients,
  id: string,
  { location, snapshot, sku, zones }: SnapshotCopy,
  tags: Tags,
): Promise<OperationUrl> {
  const model = {
    location,
    tags,
    creationData: { createOption: 'Copy', sourceResourceId: snapshot },
    ...(sku && { sku: { name: sku } }),
    ...(zones && { zones }),
  }
  return submitted((options) => compute.disks.createOrUpdate(...groupAndName(id), model, options).submitted())
}

export interface DiskCopy extends Contents {
  /** ARM id of the disk whose kind and zone the copy gets: what Azure gives to a disk unasked is slower. */
  readonly like: string
}

/** How a disk is stored, e.g. `Premium_LRS`. */
export async function diskSku({ compute }: AzureClients, id: string): Promise<string> {
  return (await compute.disks.get(...groupAndName(id))).sku?.name ?? 'Standard_LRS'
}

/** A disk with what was on another one when its snapshot was made. */
export async function putDiskCopy(clients: AzureClients, id: string, { like, ...what }: DiskCopy, tags: Tags): Promise<OperationUrl> {
  const { sku, zones } = await clients.compute.disks.get(...groupAndName(like))
  return putSnapshotCopy(clients, id, { ...what, sku: sku?.name, zones }, tags)
}

export const diskCopyPermissions: readonly string[] = [
  'Microsoft.Compute/disks/read',
  'Microsoft.Compute/disks/write',
  'Microsoft.Compute/snapshots/read',
]
