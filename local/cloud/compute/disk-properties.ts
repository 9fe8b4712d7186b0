import { parseResourceId } from '../arm/resource-id.ts'
import type { Azure } from '../azure.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { textAt } from './read-json.ts'

export interface NewDisk {
  sizeGb: number
  sku: string
  creationData: JsonObject
  osType?: string
  /** Properties as they were sent: answered again, but for what the RP itself fills in. */
  sent?: JsonObject
}

/** What a managed disk or a snapshot answers about itself from the start. */
export function diskProperties(azure: Azure, { sizeGb, sku, creationData, osType, sent = {} }: NewDisk): JsonObject {
  const premium = sku.startsWith('Premium')
  return {
    encryption: { type: 'EncryptionAtRestWithPlatformKey' },
    networkAccessPolicy: 'AllowAll',
    publicNetworkAccess: 'Enabled',
    ...sent,
    ...(osType && { osType, hyperVGeneration: 'V2' }),
    creationData,
    diskSizeGB: sizeGb,
    diskSizeBytes: sizeGb * 2 ** 30,
    diskIOPSReadWrite: premium ? Math.max(120, sizeGb * 4) : 500,
    diskMBpsReadWrite: premium ? Math.max(25, Math.ceil(sizeGb / 4)) : 60,
    timeCreated: new Date(azure.clock.now()).toISOString(),
    uniqueId: azure.uuid(),
  }
}

export function diskSku(name: string): JsonObject {
  return { name, tier: name.split('_')[0] }
}

/** Marks the disk as the machine's. The mark is kept with the disk, as the disk RP does, and taken away by `release`. */
export function attach(azure: Azure, disk: Resource, machineId: string): void {
  azure.resources.put({ ...disk, envelope: { ...disk.envelope, managedBy: machineId } })
}

export function release(azure: Azure, disk: Resource): void {
  const { managedBy: _, ...envelope } = disk.envelope
  azure.resources.put({ ...disk, envelope })
}

export function owner(disk: Resource): string | undefined {
  return textAt(disk.envelope, 'managedBy')
}

/** `ActiveSAS` while access is granted, else after the machine that it is attached to. */
export function diskState(azure: Azure, disk: Resource): string {
  if (disk.hidden.access) return 'ActiveSAS'
  const machineId = owner(disk)
  if (!machineId) return 'Unattached'
  return isDeallocated(azure.resources.get(machineId)) ? 'Reserved' : 'Attached'
}

export function isDeallocated(machine: Resource | undefined): boolean {
  return textAt(machine?.hidden, 'power') === 'deallocated'
}

export function groupScope(id: string): string {
  const { subscriptionId, resourceGroup } = parseResourceId(id) ?? { subscriptionId: '', resourceGroup: '' }
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`
}
