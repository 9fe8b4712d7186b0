import type { VirtualMachine } from '@azure/arm-compute'
import { unlessAbsent } from './absent.ts'
import { groupAndName } from './arm-id.ts'
import { classifyFailure } from './classify.ts'
import type { AzureClients } from './clients.ts'
import type { Observed, ResourceKind } from './resource-kind.ts'

export const virtualMachine: ResourceKind<VirtualMachine> = {
  name: 'virtual-machine',
  type: 'Microsoft.Compute/virtualMachines',
  noun: 'virtual machine',
  permissions: {
    create: [
      'Microsoft.Compute/virtualMachines/read',
      'Microsoft.Compute/virtualMachines/write',
      'Microsoft.Compute/disks/write',
      'Microsoft.Network/networkInterfaces/join/action',
      'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
    ],
    remove: ['Microsoft.Compute/virtualMachines/read', 'Microsoft.Compute/virtualMachines/delete'],
  },
  seconds: { create: 45, remove: 40 },
  async put({ compute }, id, model, tags) {
    await compute.virtualMachines.createOrUpdate(...groupAndName(id), { ...model, tags }).submitted()
  },
  async get({ compute }, id) {
    const machine = await unlessAbsent(compute.virtualMachines.get(...groupAndName(id)))
    if (machine?.provisioningState !== 'Failed') return machine && observed(machine)
    // Why it failed is told in the instance view alone.
    return observed((await unlessAbsent(compute.virtualMachines.get(...groupAndName(id), { expand: 'instanceView' }))) ?? machine)
  },
  async remove({ compute }, id) {
    await compute.virtualMachines.delete(...groupAndName(id)).submitted()
  },
}

/** `ProvisioningState/failed/AllocationFailed` */
const FAILED = /^ProvisioningState\/failed\/(\w+)/i

function observed({ provisioningState = 'Succeeded', tags = {}, instanceView }: VirtualMachine): Observed {
  const failure = instanceView?.statuses?.find(({ code }) => FAILED.test(code ?? ''))
  if (!failure) return { provisioningState, tags }
  const code = FAILED.exec(failure.code ?? '')?.[1] ?? ''
  return { provisioningState, tags, problem: classifyFailure({ status: 409, code, message: failure.message ?? code }) }
}

export type PowerState = 'running' | 'starting' | 'deallocated' | 'deallocating' | 'stopped' | 'stopping' | 'unknown'

/** Undefined where Azure answers 404. `busy`: an operation runs on the machine. */
export async function powerOf(
  { compute }: AzureClients,
  id: string,
): Promise<{ readonly power: PowerState; readonly busy: boolean; readonly tags: Readonly<Record<string, string>> } | undefined> {
  const machine = await unlessAbsent(compute.virtualMachines.get(...groupAndName(id), { expand: 'instanceView' }))
  if (!machine) return undefined
  const code = machine.instanceView?.statuses?.find((status) => status.code?.startsWith('PowerState/'))?.code
  return {
    power: (code?.slice('PowerState/'.length) as PowerState | undefined) ?? 'unknown',
    busy: !/^(Succeeded|Failed|Canceled)$/.test(machine.provisioningState ?? 'Succeeded'),
    tags: machine.tags ?? {},
  }
}

export async function startMachine({ compute }: AzureClients, id: string): Promise<void> {
  await compute.virtualMachines.start(...groupAndName(id)).submitted()
}

export async function deallocateMachine({ compute }: AzureClients, id: string): Promise<void> {
  await compute.virtualMachines.deallocate(...groupAndName(id)).submitted()
}
