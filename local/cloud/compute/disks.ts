import { z } from 'zod'
import { parseBody } from '../arm/request-body.ts'
import { sameId } from '../arm/resource-id.ts'
import { defaultView } from '../arm/view.ts'
import type { Azure } from '../azure.ts'
import type { Call, Link, ResourceType, Written } from '../provider.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { DISK_VERSIONS } from './api-versions.ts'
import { accessActions } from './disk-access.ts'
import { copied } from './disk-contents.ts'
import { diskProperties, diskSku, diskState, isDeallocated, owner } from './disk-properties.ts'
import { invalidParameter, missingParameter, operationNotAllowed, propertyChangeNotAllowed } from './errors.ts'
import { resolveImage } from './image-reference.ts'
import { numberAt, objectAt, textAt } from './read-json.ts'
import { region } from './region.ts'

const sku = z.object({
  name: z.enum(['Standard_LRS', 'StandardSSD_LRS', 'Premium_LRS', 'UltraSSD_LRS', 'PremiumV2_LRS', 'StandardSSD_ZRS', 'Premium_ZRS']),
})
const sizeGb = z.number().int().positive().max(65_536).nullish()

const diskBody = z.object({
  location: region,
  zones: z.array(z.string()).nullish(),
  sku: sku.nullish(),
  properties: z.object({
    osType: z.enum(['Linux', 'Windows']).nullish(),
    diskSizeGB: sizeGb,
    creationData: z.object({
      createOption: z.enum(['Empty', 'FromImage', 'Copy', 'Attach', 'Import', 'Restore', 'Upload']),
      sourceResourceId: z.string().nullish(),
      imageReference: z.object({ id: z.string().optional() }).nullish(),
      galleryImageReference: z.object({ id: z.string().optional() }).nullish(),
    }),
  }),
})

const diskPatch = z.object({ sku: sku.nullish(), properties: z.object({ diskSizeGB: sizeGb }).nullish() })

type DiskBody = z.infer<typeof diskBody>

export const disks: ResourceType = {
  type: 'disks',
  apiVersions: DISK_VERSIONS,
  tracked: true,
  namePattern: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$/,
  links,
  write: (call, existing) => (existing ? changed(call, existing, parseBody(diskPatch, call)) : created(call, parseBody(diskBody, call))),
  patch: (call, existing) => changed(call, existing, parseBody(diskPatch, call)),
  remove(_call, disk) {
    const machineId = owner(disk)
    if (machineId) throw operationNotAllowed(`Disk ${disk.name} is attached to VM ${machineId}.`)
    if (disk.hidden.access) {
      throw operationNotAllowed(
        `Disk ${disk.name} is currently being accessed through a shared access signature. Revoke it before deleting the disk.`,
      )
    }
    return { takes: 'disk.delete' }
  },
  actions: accessActions(({ azure }, disk) => {
    const machineId = owner(disk)
    if (!machineId || isDeallocated(azure.resources.get(machineId))) return undefined
    return `Access not permitted because disk ${disk.name} is currently attached to running VM ${machineId}.`
  }),
  view(azure, disk) {
    const body = defaultView(disk)
    return { ...body, properties: { ...objectAt(body, 'properties'), diskState: diskState(azure, disk) } }
  },
}

/** Copying reads the source as an export would [learn: compute role permissions; a snapshot needs beginGetAccess of its disk]. */
export function links({ body }: Call): Link[] {
  const source = textAt(body, 'properties', 'creationData', 'sourceResourceId')
  if (!source) return []
  const snapshot = /\/snapshots\/[^/]+$/i.test(source)
  return [{ id: source, action: snapshot ? 'Microsoft.Compute/snapshots/read' : 'Microsoft.Compute/disks/beginGetAccess/action' }]
}

function created(call: Call, body: DiskBody): Written {
  const { azure } = call
  const { diskSizeGB, osType } = body.properties
  const sent = objectAt(call.body, 'properties')
  const source = sourceOf(call, body)
  const size = diskSizeGB ?? source?.sizeGb
  if (!size) throw missingParameter('disk.diskSizeGB')
  if (source && size < source.sizeGb) {
    throw invalidParameter(
      `The specified disk size ${size} GB is smaller than the size of its source: ${source.sizeGb} GB. This is not allowed.`,
      'disk.diskSizeGB',
    )
  }
  const kind = body.sku?.name ?? 'Standard_LRS'
  const ofType = osType ?? source?.osType
  return {
    properties: diskProperties(azure, {
      sizeGb: size,
      sku: kind,
      creationData: objectAt(sent, 'creationData'),
      sent,
      ...(ofType && { osType: ofType }),
    }),
    envelope: { sku: diskSku(kind), ...(body.zones && { zones: body.zones }) },
    ...(source?.copied && { hidden: source.copied }),
    status: 202,
    takes: 'disk.create',
  }
}

/** Where the disk's contents come from; undefined for an empty one. */
function sourceOf(
  { azure, id }: Call,
  { location, properties: { creationData } }: DiskBody,
): { sizeGb: number; osType?: string; copied?: JsonObject } | undefined {
  switch (creationData.createOption) {
    case 'Empty':
      return undefined
    case 'FromImage': {
      const image = resolveImage(azure, creationData.imageReference ?? creationData.galleryImageReference ?? {}, id.id, location)
      return { sizeGb: image.osDiskGb, osType: image.osType }
    }
    case 'Copy':
      return withContents(copySource(azure, creationData.sourceResourceId, location))
    default:
      throw invalidParameter(
        `The simulated disk RP has no createOption '${creationData.createOption}': it keeps no data to import.`,
        'disk.creationData.createOption',
      )
  }
}

const withContents = (found: ReturnType<typeof copySource>) => ({ ...found, copied: copied(found.source) })

/** The disk or snapshot to copy; throws where there is none in this region. */
export function copySource(
  azure: Azure,
  sourceId: string | null | undefined,
  location: string,
): { sizeGb: number; osType?: string; source: Resource } {
  if (!sourceId) throw missingParameter('creationData.sourceResourceId')
  const source = azure.resources.get(sourceId)
  const kind = source?.type.toLowerCase()
  if (!source || (kind !== 'microsoft.compute/disks' && kind !== 'microsoft.compute/snapshots')) {
    throw invalidParameter(`Resource ${sourceId} is not found.`, 'creationData.sourceResourceId')
  }
  if (source.location !== location) {
    throw invalidParameter(`Source resource ${sourceId} has to be in the same region: ${location}.`, 'creationData.sourceResourceId')
  }
  const osType = textAt(source.properties, 'osType')
  return { sizeGb: numberAt(source.properties, 'diskSizeGB') ?? 1, source, ...(osType && { osType }) }
}

function changed({ azure, body }: Call, disk: Resource, patch: z.infer<typeof diskPatch>): Written {
  const source = textAt(body, 'properties', 'creationData', 'sourceResourceId')
  const known = textAt(disk.properties, 'creationData', 'sourceResourceId')
  if (source && !(known && sameId(source, known))) throw propertyChangeNotAllowed('creationData.sourceResourceId')
  const before = numberAt(disk.properties, 'diskSizeGB') ?? 0
  const size = patch.properties?.diskSizeGB ?? before
  if (size < before) {
    throw operationNotAllowed(
      `Disk ${disk.name} of size ${before} GB cannot be resized to ${size} GB. Only increasing the disk size is allowed.`,
    )
  }
  const kind = patch.sku?.name ?? textAt(disk.envelope, 'sku', 'name') ?? 'Standard_LRS'
  const machineId = owner(disk)
  if (patch.sku && kind !== textAt(disk.envelope, 'sku', 'name') && machineId && !isDeallocated(azure.resources.get(machineId))) {
    throw operationNotAllowed(
      `Cannot change the storage account type of disk ${disk.name} while it is attached to running VM ${machineId}.`,
    )
  }
  return {
    properties: { ...disk.properties, diskSizeGB: size, diskSizeBytes: size * 2 ** 30 },
    envelope: { ...disk.envelope, sku: diskSku(kind) },
    takes: 'disk.create',
  }
}
