import { ArmError } from '../arm/arm-error.ts'
import { parseResourceId, sameId } from '../arm/resource-id.ts'
import type { Azure } from '../azure.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { attach, diskProperties, diskSku, groupScope, owner, release } from './disk-properties.ts'
import { invalidParameter, missingParameter, operationNotAllowed } from './errors.ts'
import type { Image } from './image-reference.ts'
import { numberAt, objectAt, objectsAt, textAt } from './read-json.ts'
import type { DataDisk, OsDisk } from './vm-body.ts'
import type { VmSize } from './vm-sizes.ts'

/** The machine that the disks are for. */
export interface DiskHost {
  id: string
  name: string
  location: string
  zones: readonly string[]
  size: VmSize
}

const DISKS = 'Microsoft.Compute/disks'

/** Makes or attaches the OS disk; gives what the machine answers of it. `raw` is the disk as it was sent. */
export function placeOsDisk(azure: Azure, host: DiskHost, disk: OsDisk, raw: JsonObject, image: Image | undefined): JsonObject {
  if (disk.createOption === 'Attach') {
    const existing = attachable(azure, host, disk.managedDisk?.id, 'osDisk')
    return {
      ...raw,
      ...described(existing),
      osType: disk.osType ?? textAt(existing.properties, 'osType') ?? 'Linux',
      deleteOption: disk.deleteOption ?? 'Detach',
    }
  }
  if (!image) throw missingParameter('imageReference')
  const sizeGb = disk.diskSizeGB ?? image.osDiskGb
  if (sizeGb < image.osDiskGb) {
    throw operationNotAllowed(
      `The specified disk size ${sizeGb} GB is smaller than the size of the corresponding disk in the VM image: ${image.osDiskGb} GB. This is not allowed. Please choose equal or greater size or do not specify an explicit size.`,
      'osDisk.diskSizeGB',
    )
  }
  const made = makeDisk(azure, host, {
    name: disk.name ?? `${host.name}_OsDisk_1_${azure.uuid().replaceAll('-', '')}`,
    sizeGb,
    sku: disk.managedDisk?.storageAccountType,
    creationData: { createOption: 'FromImage' },
    osType: image.osType,
  })
  return { ...raw, ...described(made), osType: image.osType, deleteOption: disk.deleteOption ?? 'Detach' }
}

/** Makes or attaches a data disk. */
export function placeDataDisk(azure: Azure, host: DiskHost, disk: DataDisk, raw: JsonObject): JsonObject {
  const rest = { toBeDetached: false, ...raw, deleteOption: disk.deleteOption ?? 'Detach' }
  if (disk.createOption === 'Attach') return { ...rest, ...described(attachable(azure, host, disk.managedDisk?.id, 'dataDisk')) }
  if (disk.createOption !== 'Empty') {
    throw invalidParameter(
      `The simulated compute RP has no data disk of createOption '${disk.createOption}': use Empty or Attach.`,
      'dataDisk.createOption',
    )
  }
  if (!disk.diskSizeGB) throw missingParameter('dataDisk.diskSizeGB')
  const made = makeDisk(azure, host, {
    name: disk.name ?? `${host.name}_disk${disk.lun + 1}_${azure.uuid().replaceAll('-', '')}`,
    sizeGb: disk.diskSizeGB,
    sku: disk.managedDisk?.storageAccountType,
    creationData: { createOption: 'Empty' },
  })
  return { ...rest, ...described(made) }
}

/** Refuses too many disks and two on one LUN. */
export function assertDataDisks(disks: readonly DataDisk[], size: VmSize): void {
  if (disks.length > size.maxDataDisks) {
    throw operationNotAllowed(
      `The maximum number of data disks allowed to be attached to a VM of this size is ${size.maxDataDisks}.`,
      'dataDisks',
    )
  }
  const luns = new Set<number>()
  for (const { lun } of disks) {
    if (luns.has(lun)) throw invalidParameter(`Cannot attach multiple data disks to the same LUN ${lun}.`, 'dataDisk.lun')
    luns.add(lun)
  }
}

/** At the machine's end each disk goes or stays, as its deleteOption says. */
export function letDisksGo(azure: Azure, machine: Resource): void {
  for (const disk of disksOf(machine)) {
    const record = azure.resources.get(textAt(disk, 'managedDisk', 'id') ?? '')
    if (!record || !sameId(owner(record) ?? '', machine.id)) continue
    if (disk.deleteOption === 'Delete') azure.resources.delete(record.id)
    else release(azure, record)
  }
}

export function detach(azure: Azure, disk: JsonObject): void {
  const record = azure.resources.get(textAt(disk, 'managedDisk', 'id') ?? '')
  if (record) release(azure, record)
}

/** The OS disk and the data disks, as the machine answers them. */
export function disksOf(machine: Resource): JsonObject[] {
  return [objectAt(machine.properties, 'storageProfile', 'osDisk'), ...objectsAt(machine.properties, 'storageProfile', 'dataDisks')]
}

interface DiskToMake {
  name: string
  sizeGb: number
  sku: string | undefined
  creationData: JsonObject
  osType?: string
}

/** A disk of its own in the machine's group, there and attached at once; it stays when the machine then fails. */
function makeDisk(azure: Azure, host: DiskHost, { name, sku, ...rest }: DiskToMake): Resource {
  const id = `${groupScope(host.id)}/providers/${DISKS}/${name}`
  if (azure.resources.get(id)) {
    throw new ArmError(
      409,
      'ConflictingUserInput',
      `Disk ${name} already exists in resource group ${parseResourceId(id)?.resourceGroup}. Only CreateOption.Attach is supported.`,
    )
  }
  const kind = sku ?? (host.size.premiumStorage ? 'Premium_LRS' : 'Standard_LRS')
  assertStorageKind(kind, name, host.size)
  return azure.resources.put({
    id,
    type: DISKS,
    name,
    location: host.location,
    provisioningState: 'Succeeded',
    properties: diskProperties(azure, { ...rest, sku: kind }),
    envelope: { sku: diskSku(kind), managedBy: host.id, ...(host.zones.length > 0 && { zones: host.zones }) },
    hidden: {},
  })
}

/** The existing disk to attach, marked as this machine's. */
function attachable(azure: Azure, host: DiskHost, id: string | undefined, target: string): Resource {
  if (!id) throw missingParameter(`${target}.managedDisk.id`)
  const disk = azure.resources.get(id)
  if (!disk || disk.type.toLowerCase() !== DISKS.toLowerCase() || disk.location !== host.location) {
    throw new ArmError(404, 'NotFound', `Disk ${id.split('/').at(-1)} is not found.`, { target })
  }
  const other = owner(disk)
  if (other && !sameId(other, host.id)) {
    throw new ArmError(409, 'ConflictingUserInput', `Disk '${disk.id}' cannot be attached as the disk is already owned by VM '${other}'.`, {
      target,
    })
  }
  assertStorageKind(textAt(disk.envelope, 'sku', 'name') ?? '', disk.name, host.size)
  attach(azure, disk, host.id)
  return disk
}

export function assertStorageKind(kind: string, disk: string, size: VmSize): void {
  if (!kind.startsWith('Premium') || size.premiumStorage) return
  throw invalidParameter(
    `Requested operation cannot be performed because the VM size ${size.name} does not support the storage account type ${kind} of disk '${disk}'. Consider updating the VM to a size that supports Premium storage.`,
    disk,
  )
}

function described(disk: Resource): JsonObject {
  return {
    name: disk.name,
    diskSizeGB: numberAt(disk.properties, 'diskSizeGB'),
    managedDisk: { id: disk.id, storageAccountType: textAt(disk.envelope, 'sku', 'name') },
  }
}
