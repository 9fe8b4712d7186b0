import { ArmError } from '../arm/arm-error.ts'
import { sameId } from '../arm/resource-id.ts'
import type { Call, Written } from '../provider.ts'
import type { Json, JsonObject, Resource } from '../resource.ts'
import { operationNotAllowed, propertyChangeNotAllowed } from './errors.ts'
import { at, objectAt, objectsAt, textAt } from './read-json.ts'
import { type VmBody, vmBody } from './vm-body.ts'
import { allocationInput, assertAvailable, assertInterfaces, assertSize, identityOf } from './vm-checks.ts'
import { customDataOf } from './vm-create.ts'
import { assertDataDisks, assertStorageKind, type DiskHost, detach, disksOf, placeDataDisk } from './vm-disks.ts'
import { powerOf } from './vm-power.ts'
import { type VmSize, vmSize } from './vm-sizes.ts'

/** PUT on a machine that exists, or PATCH: what is not sent stays; most of it can't be changed. */
export function updateMachine(call: Call, machine: Resource): Written {
  const { azure, body, id } = call
  const merged = merge(
    { properties: machine.properties, zones: machine.envelope.zones },
    { properties: objectAt(body, 'properties'), ...(body.zones !== undefined && { zones: body.zones }) },
  ) as JsonObject
  const wanted = vmBody.safeParse({ ...merged, identity: body.identity, location: machine.location })
  if (!wanted.success) {
    throw new ArmError(
      400,
      'InvalidRequestContent',
      `The request content was invalid and could not be deserialized: '${wanted.error.issues[0]?.message}'.`,
    )
  }
  assertUnchanged(call, machine, merged)
  const before = vmSize(textAt(machine.properties, 'hardwareProfile', 'vmSize') ?? '')
  const size = assertSize(wanted.data)
  const host: DiskHost = { id: machine.id, name: machine.name, location: machine.location ?? '', zones: wanted.data.zones ?? [], size }
  const resized = before !== undefined && before.name !== size.name
  if (resized) assertResize(call, machine, before, size)
  assertNetwork(call, machine, wanted.data, size)
  const properties = objectAt(merged, 'properties')
  const identity =
    body.identity === undefined
      ? objectAt(machine.envelope, 'identity')
      : identityOf(azure, machine.id, mergedIdentity(machine, wanted.data))
  const { identity: _, ...envelope } = machine.envelope
  return {
    properties: {
      ...properties,
      hardwareProfile: { ...objectAt(properties, 'hardwareProfile'), vmSize: size.name },
      storageProfile: { ...objectAt(machine.properties, 'storageProfile'), dataDisks: dataDisks(call, machine, host, wanted.data) },
      ...(machine.properties.osProfile !== undefined && { osProfile: machine.properties.osProfile }),
    },
    envelope: { ...envelope, ...(identity && Object.keys(identity).length > 0 && { identity }) },
    takes: powerOf(machine) === undefined ? 'virtualMachine.create' : 'virtualMachine.update',
    input: { ...allocationInput(call), ...(resized && powerOf(machine) === 'running' && { reboot: true }) },
  }

  function assertResize(of: Call, resource: Resource, from: VmSize, to: VmSize) {
    if (from.resourceDiskMb > 0 !== to.resourceDiskMb > 0) {
      throw operationNotAllowed(
        'Unable to resize the VM since changing from resource disk to non-resource disk VM size and vice-versa is not allowed. Please refer to https://aka.ms/AAah4sj for more details.',
        'vmSize',
      )
    }
    if (powerOf(resource) !== 'deallocated' && powerOf(resource) !== undefined && from.family !== to.family) {
      throw operationNotAllowed(
        `Unable to resize the VM '${resource.name}' because the requested size ${to.name} is not available in the current hardware cluster. Deallocate the VM first, or use a size of ${from.family}. Read more on VM resizing strategy at https://aka.ms/azure-resizevm.`,
        'vmSize',
      )
    }
    for (const disk of disksOf(resource))
      assertStorageKind(textAt(disk, 'managedDisk', 'storageAccountType') ?? '', textAt(disk, 'name') ?? '', to)
    const spot = textAt(resource.properties, 'priority') === 'Spot'
    assertAvailable(of, { size: to, spot, subscriptionId: id.subscriptionId, location: host.location, instead: from })
  }
}

/** Properties that are settled at creation. Sending the same again is no change. */
const SETTLED = [
  ['osProfile', 'computerName'],
  ['osProfile', 'adminUsername'],
  ['osProfile', 'linuxConfiguration', 'ssh', 'publicKeys'],
  ['storageProfile', 'imageReference', 'id'],
  ['storageProfile', 'imageReference', 'publisher'],
  ['storageProfile', 'imageReference', 'offer'],
  ['storageProfile', 'imageReference', 'sku'],
  ['storageProfile', 'osDisk', 'name'],
  ['storageProfile', 'osDisk', 'createOption'],
  ['priority'],
] as const

function assertUnchanged({ body }: Call, machine: Resource, merged: JsonObject) {
  const customData = textAt(body, 'properties', 'osProfile', 'customData')
  if (customData !== undefined && customData !== customDataOf(machine.hidden)) throw propertyChangeNotAllowed('osProfile.customData')
  for (const path of SETTLED) {
    const [is, was] = [at(merged, 'properties', ...path), at(machine.properties, ...path)]
    if (JSON.stringify(is) !== JSON.stringify(was)) throw propertyChangeNotAllowed(path.join('.'))
  }
  if (JSON.stringify(merged.zones ?? []) !== JSON.stringify(machine.envelope.zones ?? [])) throw propertyChangeNotAllowed('zones')
}

function assertNetwork({ azure }: Call, machine: Resource, wanted: VmBody, size: VmSize) {
  assertInterfaces(azure, machine.id, wanted, size)
  const ids = (wanted.properties.networkProfile?.networkInterfaces ?? []).map((nic) => nic.id.toLowerCase()).sort()
  const known = objectsAt(machine.properties, 'networkProfile', 'networkInterfaces').map((nic) => (textAt(nic, 'id') ?? '').toLowerCase())
  const power = powerOf(machine)
  if (power !== undefined && power !== 'deallocated' && ids.join() !== known.sort().join()) {
    throw new ArmError(
      409,
      'AddingOrDeletingNetworkInterfacesOnARunningVirtualMachineNotSupported',
      `Network interfaces cannot be added to or removed from the running virtual machine ${machine.id}. Deallocate it first.`,
    )
  }
}

/** PATCH and PUT name identities to add, and with null those to take away. */
function mergedIdentity(machine: Resource, { identity }: VmBody): VmBody['identity'] {
  const known = objectAt(machine.envelope, 'identity', 'userAssignedIdentities')
  if (!identity || identity.type === 'None') return identity
  const ids = Object.keys(known).map((id): [string, Record<string, unknown>] => [id, {}])
  return { type: identity.type, userAssignedIdentities: { ...Object.fromEntries(ids), ...identity.userAssignedIdentities } }
}

/** The data disks as they are to be; those that are gone or `toBeDetached` are let go. */
function dataDisks({ azure, body }: Call, machine: Resource, host: DiskHost, wanted: VmBody): JsonObject[] {
  const known = objectsAt(machine.properties, 'storageProfile', 'dataDisks')
  const raw = at(body, 'properties', 'storageProfile', 'dataDisks')
  const sent = Array.isArray(raw) ? objectsAt({ raw }, 'raw') : known
  const disks = wanted.properties.storageProfile?.dataDisks ?? []
  const kept = disks.map((disk, index) => ({ disk, raw: sent[index] ?? {} })).filter(({ disk }) => !disk.toBeDetached)
  assertDataDisks(
    kept.map(({ disk }) => disk),
    host.size,
  )
  const knownDisk = ({ disk }: (typeof kept)[number]) =>
    known.find((each) =>
      disk.managedDisk?.id
        ? sameId(textAt(each, 'managedDisk', 'id') ?? '', disk.managedDisk.id)
        : each.name === disk.name && each.lun === disk.lun,
    )
  for (const each of known) if (!kept.some((entry) => knownDisk(entry) === each)) detach(azure, each)
  return kept.map((entry) => {
    const already = knownDisk(entry)
    return already
      ? { ...already, ...entry.raw, managedDisk: already.managedDisk, name: already.name }
      : placeDataDisk(azure, host, entry.disk, entry.raw)
  })
}

/** JSON merge patch: members replace, null takes away, arrays are whole. */
function merge(base: Json | undefined, patch: Json | undefined): Json | undefined {
  if (patch === null) return undefined
  if (!isPlain(patch)) return patch
  const known = isPlain(base) ? base : {}
  return Object.fromEntries([
    ...Object.entries(known),
    ...Object.entries(patch).map(([name, value]) => [name, merge(known[name], value)] as const),
  ])
}

function isPlain(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
