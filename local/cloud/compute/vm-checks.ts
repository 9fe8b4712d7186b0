import { ArmError } from '../arm/arm-error.ts'
import { parseResourceId, sameId } from '../arm/resource-id.ts'
import type { Azure } from '../azure.ts'
import type { Call, Link } from '../provider.ts'
import type { JsonObject } from '../resource.ts'
import {
  allocationFailed,
  invalidParameter,
  invalidReference,
  missingParameter,
  operationNotAllowed,
  quotaExceeded,
  referencedNotProvisioned,
  skuNotAvailable,
} from './errors.ts'
import { assertQuota, type Demand, isSpot, usedUp } from './quotas.ts'
import { objectAt, objectsAt, textAt } from './read-json.ts'
import type { VmBody } from './vm-body.ts'
import { VM_SIZES, type VmSize, vmSize } from './vm-sizes.ts'

const NIC = 'microsoft.network/networkinterfaces'
const IDENTITY = 'microsoft.managedidentity/userassignedidentities'

export function assertSize(body: VmBody): VmSize {
  const name = body.properties.hardwareProfile?.vmSize
  if (!name) throw missingParameter('vmSize')
  const size = vmSize(name)
  if (size) return size
  throw invalidParameter(
    `The value ${name} provided for the VM size is not valid. The valid sizes in the current region are: ${VM_SIZES.map((each) => each.name).join(', ')}. Find out more on the valid VM sizes in each region at https://aka.ms/azure-regions.`,
    'vmSize',
  )
}

export function assertSpot({ properties: { priority, evictionPolicy, billingProfile } }: VmBody): void {
  if (isSpot(priority)) return
  if (evictionPolicy) throw invalidParameter('Eviction policy can be set only on Azure Spot Virtual Machines.', 'evictionPolicy')
  if (billingProfile?.maxPrice !== undefined) {
    throw invalidParameter('Max price can be set only on Azure Spot Virtual Machines.', 'billingProfile.maxPrice')
  }
}

export function assertZone(azure: Azure, id: string, { location, zones }: VmBody): void {
  const supported = azure.locations.find((each) => each.name === location)?.zones ?? []
  const wrong = zones?.find((zone) => !supported.includes(zone))
  if (wrong === undefined) return
  throw new ArmError(
    400,
    'InvalidAvailabilityZone',
    `The zone(s) '${wrong}' for resource '${parseResourceId(id)?.type}/${parseResourceId(id)?.name}' is not supported. The supported zones for location '${location}' are '${supported.join(',')}'`,
  )
}

/** A new machine starts on NICs that are finished. */
export function assertInterfacesProvisioned(azure: Azure, machineId: string, body: VmBody): void {
  for (const { id } of body.properties.networkProfile?.networkInterfaces ?? []) {
    const state = azure.resources.get(id)?.provisioningState ?? 'Failed'
    if (state !== 'Succeeded') throw referencedNotProvisioned(id, state, machineId)
  }
}

/** Each NIC is there, in this region, and free but for this machine. */
export function assertInterfaces(azure: Azure, machineId: string, body: VmBody, size: VmSize): void {
  const wanted = body.properties.networkProfile?.networkInterfaces ?? []
  if (wanted.length === 0) throw missingParameter('networkProfile')
  if (wanted.length > size.maxNics) {
    throw operationNotAllowed(
      `The number of network interfaces for virtual machine ${machineId} exceeds the maximum allowed for the virtual machine size ${size.name}. The number of network interfaces is ${wanted.length} and the maximum allowed is ${size.maxNics}.`,
      'networkProfile',
    )
  }
  for (const { id } of wanted) {
    const nic = azure.resources.get(id)
    if (!nic || nic.type.toLowerCase() !== NIC || nic.location !== body.location) throw invalidReference(id, machineId)
    const user = userOf(azure, nic.id, machineId)
    if (user) throw new ArmError(400, 'NicInUse', `Network Interface ${nic.id} is used by existing VM ${user}.`)
  }
}

/** The other machine that has this NIC. */
function userOf(azure: Azure, nicId: string, machineId: string): string | undefined {
  const scope = `/subscriptions/${parseResourceId(machineId)?.subscriptionId}`
  return azure.resources
    .ofType('Microsoft.Compute/virtualMachines', scope)
    .find(
      (machine) =>
        !sameId(machine.id, machineId) &&
        objectsAt(machine.properties, 'networkProfile', 'networkInterfaces').some((each) => sameId(textAt(each, 'id') ?? '', nicId)),
    )?.id
}

/** The `identity` to answer: user-assigned ones with their ids filled in. Undefined for none. */
export function identityOf(azure: Azure, machineId: string, identity: VmBody['identity']): JsonObject | undefined {
  if (!identity || identity.type === 'None') return undefined
  if (identity.type !== 'UserAssigned') {
    throw invalidParameter(`The simulated compute RP has no identity of type '${identity.type}': use UserAssigned.`, 'identity.type')
  }
  const ids = Object.entries(identity.userAssignedIdentities ?? {}).filter(([, value]) => value !== null)
  const filled = ids.map(([id]): [string, JsonObject] => {
    const found = azure.resources.get(id)
    if (!found || found.type.toLowerCase() !== IDENTITY) {
      throw new ArmError(
        400,
        'FailedIdentityOperation',
        `Identity operation for resource '${machineId}' failed with error 'Failed to perform resource identity operation. Status: 'BadRequest'. Response: '{"error":{"code":"BadRequest","message":"Resource '${id}' was not found."}}'.'.`,
      )
    }
    return [id, { principalId: textAt(found.properties, 'principalId'), clientId: textAt(found.properties, 'clientId') }]
  })
  return filled.length === 0 ? undefined : { type: 'UserAssigned', userAssignedIdentities: Object.fromEntries(filled) }
}

/** Quota of the subscription, and what the fault plan says of quota and capacity. */
export function assertAvailable({ azure, fault }: Call, demand: Demand): void {
  if (fault?.fault === 'quota') throw quotaExceeded(usedUp(azure, demand))
  if (fault?.fault === 'capacity' && fault.code === 'SkuNotAvailable') throw skuNotAvailable(demand.size.name, demand.location)
  assertQuota(azure, demand)
}

/** A machine that Azure accepts and then finds no room for: marked in the operation's input. */
export function allocationInput({ fault }: Call): JsonObject {
  return fault?.fault === 'capacity' && fault.code !== 'SkuNotAvailable' ? { noRoom: true } : {}
}

export function assertAllocated(input: JsonObject, zonal: boolean): void {
  if (input.noRoom) throw allocationFailed(zonal)
}

/** What the caller must be allowed on the resources that the machine joins. */
export function machineLinks({ body, id }: Call): Link[] {
  const joined = (ids: (string | undefined)[], action: string) => ids.flatMap((each) => (each ? [{ id: each, action }] : []))
  const group = id.id.slice(0, id.id.toLowerCase().indexOf('/providers/'))
  const storage = objectAt(body, 'properties', 'storageProfile')
  const disks = [objectAt(storage, 'osDisk'), ...objectsAt(storage, 'dataDisks')].filter((disk) => textAt(disk, 'createOption'))
  const diskId = (disk: JsonObject) =>
    textAt(disk, 'managedDisk', 'id') ?? `${group}/providers/Microsoft.Compute/disks/${textAt(disk, 'name') ?? `${id.name}_disk`}`
  const image = textAt(storage, 'imageReference', 'id')
  return [
    ...joined(
      objectsAt(body, 'properties', 'networkProfile', 'networkInterfaces').map((nic) => textAt(nic, 'id')),
      'Microsoft.Network/networkInterfaces/join/action',
    ),
    ...joined(
      Object.keys(objectAt(body, 'identity', 'userAssignedIdentities')),
      'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
    ),
    ...joined(disks.map(diskId), 'Microsoft.Compute/disks/write'),
    ...(image ? [{ id: image, action: `${parseResourceId(image)?.type}/read`, said: 'read' }] : []),
  ]
}
