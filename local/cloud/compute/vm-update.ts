import { ArmError } from '../arm/arm-error.ts'
import { parseBody } from '../arm/request-body.ts'
import { sameId } from '../arm/resource-id.ts'
import type { Call, Written } from '../provider.ts'
import type { Json, JsonObject, Resource } from '../resource.ts'
import { propertyChangeNotAllowed } from './errors.ts'
import { at, numberAt, objectAt, objectsAt, textAt } from './read-json.ts'
import { type VmBody, vmBody } from './vm-body.ts'
import { allocationInput, assertInterfaces, assertSize, identityOf } from './vm-checks.ts'
import { assertDataDisks, type DiskHost, detach, placeDataDisk } from './vm-disks.ts'
import { powerOf } from './vm-power.ts'
import { assertResize, holdsHardware, resizeOsDisk } from './vm-resize.ts'
import { type VmSize, vmSize } from './vm-sizes.ts'

/** PUT on a machine that exists, or PATCH: what is not sent stays; most of it can't be changed. */
export function updateMachine(call: Call, machine: Resource): Written {
  const { merged, wanted } = mergedBody(call, machine)
  assertUnchanged(call, machine, merged)
  const before = vmSize(textAt(machine.properties, 'hardwareProfile', 'vmSize') ?? '')
  const size = assertSize(wanted)
  const resized = before !== undefined && before.name !== size.name
  if (resized) assertResize(call, machine, before, size)
  assertNetwork(call, machine, wanted, size)

  const host: DiskHost = { id: machine.id, name: machine.name, location: wanted.location, zones: wanted.zones ?? [], size }
  const { instanceView: _, provisioningState: __, ...properties } = objectAt(merged, 'properties')
  const { vmId, timeCreated } = machine.properties
  const storage = objectAt(properties, 'storageProfile')
  const { caching, deleteOption } = objectAt(storage, 'osDisk')
  const created = powerOf(machine) === undefined
  return {
    properties: {
      ...properties,
      vmId,
      timeCreated,
      hardwareProfile: { ...objectAt(properties, 'hardwareProfile'), vmSize: size.name },
      storageProfile: {
        ...objectAt(machine.properties, 'storageProfile'),
        osDisk: { ...resizeOsDisk(call, machine, numberAt(storage, 'osDisk', 'diskSizeGB')), caching, deleteOption },
        dataDisks: dataDisks(call, machine, host, wanted),
      },
      ...(machine.properties.osProfile !== undefined && { osProfile: machine.properties.osProfile }),
    },
    envelope: { ...machine.envelope, identity: identityAfter(call, machine, wanted) },
    takes: created ? 'virtualMachine.create' : 'virtualMachine.update',
    input: { ...((created || resized) && allocationInput(call)), ...(resized && powerOf(machine) === 'running' && { reboot: true }) },
  }
}

/** The machine with what was sent laid over it: as it is to be stored, and as it is to be checked. */
function mergedBody({ body }: Call, machine: Resource): { merged: JsonObject; wanted: VmBody } {
  const sent = { properties: objectAt(body, 'properties'), ...(body.zones !== undefined && { zones: body.zones }) }
  const merged = objectAt({ merged: merge({ properties: machine.properties, zones: machine.envelope.zones }, sent) }, 'merged')
  const wanted = parseBody(vmBody, { body: { ...merged, identity: body.identity, location: machine.location } })
  return { merged, wanted }
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
  if (customData !== undefined && customData !== textAt(machine.hidden, 'customData'))
    throw propertyChangeNotAllowed('osProfile.customData')
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
  if (holdsHardware(machine) && ids.join() !== known.sort().join()) {
    throw new ArmError(
      409,
      'AddingOrDeletingNetworkInterfacesOnARunningVirtualMachineNotSupported',
      `Network interfaces cannot be added to or removed from the running virtual machine ${machine.id}. Deallocate it first.`,
    )
  }
}

/** PATCH and PUT name identities to add, and with null those to take away. */
function identityAfter({ azure, body }: Call, machine: Resource, { identity }: VmBody): JsonObject | undefined {
  if (body.identity === undefined) return machine.envelope.identity === undefined ? undefined : objectAt(machine.envelope, 'identity')
  const named = identity?.userAssignedIdentities ?? {}
  const known = Object.keys(objectAt(machine.envelope, 'identity', 'userAssignedIdentities'))
  const kept = known.filter((id) => !Object.keys(named).some((other) => sameId(id, other)))
  return identityOf(
    azure,
    machine.id,
    identity && { ...identity, userAssignedIdentities: { ...Object.fromEntries(kept.map((id) => [id, {}])), ...named } },
  )
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
