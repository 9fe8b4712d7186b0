import type { VirtualMachine } from '@azure/arm-compute'
import { unlessAbsent } from './absent.ts'
import { groupAndName } from './arm-id.ts'
import type { AzureClients } from './clients.ts'
import { observe } from './observe.ts'
import { imagePermissions } from './own-image.ts'
import type { ResourceKind } from './resource-kind.ts'
import { type OperationUrl, submitted } from './submitted.ts'

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
      ...imagePermissions,
    ],
    remove: ['Microsoft.Compute/virtualMachines/read', 'Microsoft.Compute/virtualMachines/delete'],
  },
  seconds: { create: 45, remove: 40 },
  put({ compute }, id, model, tags) {
    return submitted((options) => compute.virtualMachines.createOrUpdate(...groupAndName(id), { ...model, tags }, options).submitted())
  },
  get: async ({ compute }, id) => observe(await unlessAbsent(compute.virtualMachines.get(...groupAndName(id)))),
  async remove({ compute }, id) {
    await compute.virtualMachines.delete(...groupAndName(id)).submitted()
  },
}

export type PowerState = 'running' | 'starting' | 'deallocated' | 'deallocating' | 'stopped' | 'stopping' | 'unknown'

export interface MachinePower {
  readonly power: PowerState
  /** An operation runs on the machine. */
  readonly busy: boolean
  /** The latest operation on it did. */
  readonly failed: boolean
  /** e.g. `Standard_D8_v3` */
  readonly size: string
}

/** Undefined where Azure answers 404. */
export async function powerOf({ compute }: AzureClients, id: string): Promise<MachinePower | undefined> {
  const machine = await unlessAbsent(compute.virtualMachines.get(...groupAndName(id), { expand: 'instanceView' }))
  if (!machine) return undefined
  const code = machine.instanceView?.statuses?.find((status) => status.code?.startsWith('PowerState/'))?.code
  return {
    power: (code?.slice('PowerState/'.length) as PowerState | undefined) ?? 'unknown',
    busy: !/^(Succeeded|Failed|Canceled)$/.test(machine.provisioningState ?? 'Succeeded'),
    failed: machine.provisioningState === 'Failed',
    size: machine.hardwareProfile?.vmSize ?? '',
  }
}

/** Whether there is one that Azure may take back. */
export async function isSpotMachine({ compute }: AzureClients, id: string): Promise<boolean> {
  return (await unlessAbsent(compute.virtualMachines.get(...groupAndName(id))))?.priority === 'Spot'
}

export async function startMachine({ compute }: AzureClients, id: string): Promise<void> {
  await compute.virtualMachines.start(...groupAndName(id)).submitted()
}

export async function deallocateMachine({ compute }: AzureClients, id: string): Promise<void> {
  await compute.virtualMachines.deallocate(...groupAndName(id)).submitted()
}

export async function restartMachine({ compute }: AzureClients, id: string): Promise<void> {
  await compute.virtualMachines.restart(...groupAndName(id)).submitted()
}

export const resizeMachine = ({ compute }: AzureClients, id: string, size: string): Promise<OperationUrl> =>
  submitted((options) => compute.virtualMachines.update(...groupAndName(id), { hardwareProfile: { vmSize: size } }, options).submitted())
