import { z } from 'zod'
import { parseBody } from '../arm/request-body.ts'
import type { Latency } from '../latencies.ts'
import type { Call, ResourceType, Written } from '../provider.ts'
import { COMPUTE_VERSIONS, GALLERY_VERSIONS } from './api-versions.ts'
import { invalidReference, missingParameter } from './errors.ts'
import { numberAt, objectAt, textAt } from './read-json.ts'

const reference = z.object({ id: z.string() }).nullish()

const imageBody = z.object({
  properties: z.object({
    sourceVirtualMachine: reference,
    storageProfile: z.object({ osDisk: z.object({ managedDisk: reference, snapshot: reference }) }).nullish(),
  }),
})

/** Images made from a disk, a snapshot or a machine. */
export const images: ResourceType = {
  type: 'images',
  apiVersions: COMPUTE_VERSIONS,
  tracked: true,
  namePattern: /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?$/,
  write: imaged,
  remove: () => ({ takes: 'disk.delete' }),
}

function imaged(call: Call): Written {
  const { azure, id } = call
  const { sourceVirtualMachine, storageProfile } = parseBody(imageBody, call).properties
  const machine = sourceVirtualMachine && azure.resources.get(sourceVirtualMachine.id)
  if (sourceVirtualMachine && !machine) throw invalidReference(sourceVirtualMachine.id, id.id)
  const diskId =
    textAt(machine?.properties, 'storageProfile', 'osDisk', 'managedDisk', 'id') ??
    storageProfile?.osDisk.managedDisk?.id ??
    storageProfile?.osDisk.snapshot?.id
  if (!diskId) throw missingParameter('image.storageProfile.osDisk')
  const source = azure.resources.get(diskId)
  if (!source) throw invalidReference(diskId, id.id)
  const properties = objectAt(call.body, 'properties')
  return {
    properties: {
      hyperVGeneration: 'V2',
      ...properties,
      storageProfile: {
        ...objectAt(properties, 'storageProfile'),
        osDisk: {
          osState: 'Generalized',
          ...objectAt(properties, 'storageProfile', 'osDisk'),
          osType: textAt(source.properties, 'osType') ?? 'Linux',
          diskSizeGB: numberAt(source.properties, 'diskSizeGB'),
        },
      },
    },
    takes: 'image.create',
  }
}

/** Compute galleries: kept as sent, so that machines can name their images by version. */
export const galleryTypes: readonly ResourceType[] = [
  kept('galleries', 'disk.create'),
  kept('galleries/images', 'disk.create'),
  kept('galleries/images/versions', 'image.create'),
]

function kept(type: string, takes: Latency): ResourceType {
  return {
    type,
    apiVersions: GALLERY_VERSIONS,
    tracked: true,
    write: ({ body }) => ({ properties: objectAt(body, 'properties'), takes }),
    remove: () => ({ takes: 'disk.delete' }),
  }
}
