import type { Call, Written } from '../provider.ts'
import type { JsonObject } from '../resource.ts'
import { missingParameter } from './errors.ts'
import { resolveImage } from './image-reference.ts'
import { assertOsProfile } from './os-profile-rules.ts'
import { isSpot } from './quotas.ts'
import { objectAt, objectsAt } from './read-json.ts'
import type { VmBody } from './vm-body.ts'
import {
  allocationInput,
  assertAvailable,
  assertInterfaces,
  assertInterfacesProvisioned,
  assertSize,
  assertSpot,
  assertZone,
  identityOf,
} from './vm-checks.ts'
import { assertDataDisks, type DiskHost, placeDataDisk, placeOsDisk } from './vm-disks.ts'

/** A new machine: everything that Azure refuses is refused before a disk is made. */
export function createMachine(call: Call, body: VmBody): Written {
  const { azure, id } = call
  const size = assertSize(body)
  assertSpot(body)
  assertZone(azure, id.id, body)
  const { osProfile, storageProfile, priority } = body.properties
  const osDisk = storageProfile?.osDisk ?? (storageProfile?.imageReference ? { createOption: 'FromImage' as const } : undefined)
  if (!osDisk) throw missingParameter('storageProfile')
  const image = storageProfile?.imageReference ? resolveImage(azure, storageProfile.imageReference, id.id, body.location) : undefined
  if (osDisk.createOption !== 'Attach') {
    if (!osProfile) throw missingParameter('osProfile')
    assertOsProfile(osProfile)
  }
  assertDataDisks(storageProfile?.dataDisks ?? [], size)
  assertInterfaces(azure, id.id, body, size)
  assertInterfacesProvisioned(azure, id.id, body)
  const identity = identityOf(azure, id.id, body.identity)
  assertAvailable(call, {
    size,
    spot: isSpot(priority),
    subscriptionId: id.subscriptionId,
    location: body.location,
  })

  const host: DiskHost = { id: id.id, name: id.name, location: body.location, zones: body.zones ?? [], size }
  const raw = objectAt(call.body, 'properties')
  const rawStorage = objectAt(raw, 'storageProfile')
  const rawDataDisks = objectsAt(rawStorage, 'dataDisks')
  const imageReference = objectAt(rawStorage, 'imageReference')
  const { instanceView: _, provisioningState: __, ...rest } = raw
  return {
    properties: {
      ...rest,
      vmId: azure.uuid(),
      timeCreated: new Date(azure.clock.now()).toISOString(),
      hardwareProfile: { ...objectAt(raw, 'hardwareProfile'), vmSize: size.name },
      storageProfile: {
        ...(image && { imageReference: { ...imageReference, ...(image.exactVersion && { exactVersion: image.exactVersion }) } }),
        osDisk: placeOsDisk(azure, host, osDisk, objectAt(rawStorage, 'osDisk'), image),
        dataDisks: (storageProfile?.dataDisks ?? []).map((disk, index) => placeDataDisk(azure, host, disk, rawDataDisks[index] ?? {})),
      },
      ...(osProfile && { osProfile: publicOsProfile(objectAt(raw, 'osProfile')) }),
    },
    envelope: envelopeOf(call.body, identity),
    hidden: {
      customData: osProfile?.customData ?? undefined,
      osName: image?.osName,
      osVersion: image?.osVersion,
      // Until the machine is there it has no power state; a failed one is created by the next PUT.
      power: undefined,
    },
    takes: 'virtualMachine.create',
    input: allocationInput(call),
  }
}

/** Custom data and the password are taken and never answered. */
function publicOsProfile(profile: JsonObject): JsonObject {
  const { customData: _, adminPassword: __, ...rest } = profile
  return { secrets: [], allowExtensionOperations: true, requireGuestProvisionSignal: true, ...rest }
}

function envelopeOf(body: JsonObject, identity: JsonObject | undefined): JsonObject {
  const { zones, plan, extendedLocation } = body
  return { ...(zones && { zones }), ...(plan && { plan }), ...(extendedLocation && { extendedLocation }), ...(identity && { identity }) }
}
