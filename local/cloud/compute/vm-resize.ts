import type { Call } from '../provider.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { operationNotAllowed } from './errors.ts'
import { isSpot } from './quotas.ts'
import { numberAt, objectAt, textAt } from './read-json.ts'
import { assertAvailable } from './vm-checks.ts'
import { assertStorageKind, disksOf } from './vm-disks.ts'
import { powerOf } from './vm-power.ts'
import type { VmSize } from './vm-sizes.ts'

/** Whether the machine may change from one size to another as it is now. */
export function assertResize(call: Call, machine: Resource, from: VmSize, to: VmSize): void {
  if (from.resourceDiskMb > 0 !== to.resourceDiskMb > 0) {
    throw operationNotAllowed(
      'Unable to resize the VM since changing from resource disk to non-resource disk VM size and vice-versa is not allowed. Please refer to https://aka.ms/AAah4sj for more details.',
      'vmSize',
    )
  }
  if (holdsHardware(machine) && from.family !== to.family) {
    throw operationNotAllowed(
      `Unable to resize the VM '${machine.name}' because the requested size ${to.name} is not available in the current hardware cluster. Deallocate the VM first, or use a size of ${from.family}. Read more on VM resizing strategy at https://aka.ms/azure-resizevm.`,
      'vmSize',
    )
  }
  for (const disk of disksOf(machine)) {
    assertStorageKind(textAt(disk, 'managedDisk', 'storageAccountType') ?? '', textAt(disk, 'name') ?? '', to)
  }
  assertAvailable(call, {
    size: to,
    spot: isSpot(textAt(machine.properties, 'priority')),
    subscriptionId: call.id.subscriptionId,
    location: machine.location ?? '',
    instead: from,
  })
}

/** The OS disk after an update: it grows while the machine is deallocated, and never shrinks. */
export function resizeOsDisk({ azure }: Call, machine: Resource, sizeGb: number | undefined): JsonObject {
  const osDisk = objectAt(machine.properties, 'storageProfile', 'osDisk')
  const before = numberAt(osDisk, 'diskSizeGB') ?? 0
  const record = azure.resources.get(textAt(osDisk, 'managedDisk', 'id') ?? '')
  if (!record || sizeGb === undefined || sizeGb === before) return osDisk
  if (holdsHardware(machine))
    throw operationNotAllowed(`The OS disk of VM '${machine.name}' can be resized only while the VM is deallocated.`, 'osDisk.diskSizeGB')
  if (sizeGb < before)
    throw operationNotAllowed(`Disk ${record.name} of size ${before} GB cannot be resized to ${sizeGb} GB.`, 'osDisk.diskSizeGB')
  azure.resources.put({ ...record, properties: { ...record.properties, diskSizeGB: sizeGb, diskSizeBytes: sizeGb * 2 ** 30 } })
  return { ...osDisk, diskSizeGB: sizeGb }
}

/** Stopped or running, a machine keeps its place on a host until it is deallocated. */
export function holdsHardware(machine: Resource): boolean {
  const power = powerOf(machine)
  return power !== undefined && power !== 'deallocated'
}
