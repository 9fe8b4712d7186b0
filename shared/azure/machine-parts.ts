import { unlessAbsent } from './absent.ts'
import { groupAndName } from './arm-id.ts'
import type { AzureClients } from './clients.ts'

/** What a machine is put together from, as far as it can be exchanged while the machine is deallocated. */
export interface MachineParts {
  /** An operation runs on the machine. */
  readonly busy: boolean
  /** ARM ids. */
  readonly networkInterfaces: readonly string[]
  readonly dataDisks: readonly string[]
}

/** Undefined where Azure answers 404. */
export async function partsOf({ compute }: AzureClients, id: string): Promise<MachineParts | undefined> {
  const machine = await unlessAbsent(compute.virtualMachines.get(...groupAndName(id)))
  if (!machine) return undefined
  return {
    busy: !/^(Succeeded|Failed|Canceled)$/.test(machine.provisioningState ?? 'Succeeded'),
    networkInterfaces: machine.networkProfile?.networkInterfaces?.flatMap((part) => part.id ?? []) ?? [],
    dataDisks: machine.storageProfile?.dataDisks?.flatMap((part) => part.managedDisk?.id ?? []) ?? [],
  }
}

/** A machine must have an interface, so one takes the other's place in one request; only while it is deallocated. */
export async function replaceInterface({ compute }: AzureClients, id: string, networkInterface: string): Promise<void> {
  const networkInterfaces = [{ id: networkInterface, primary: true, deleteOption: 'Detach' }]
  await compute.virtualMachines.update(...groupAndName(id), { networkProfile: { networkInterfaces } }).submitted()
}

/** `disk` undefined: the machine has no data disk then. */
export async function replaceDataDisk({ compute }: AzureClients, id: string, disk: string | undefined): Promise<void> {
  const dataDisks = disk === undefined ? [] : [{ lun: 0, createOption: 'Attach', managedDisk: { id: disk }, deleteOption: 'Detach' }]
  await compute.virtualMachines.update(...groupAndName(id), { storageProfile: { dataDisks } }).submitted()
}
