import { ArmError } from '../arm/arm-error.ts'
import { parseResourceId } from '../arm/resource-id.ts'
import type { Azure } from '../azure.ts'
import type { Resource } from '../resource.ts'
import { invalidParameter, invalidReference, missingParameter } from './errors.ts'
import { platformImage } from './platform-images.ts'
import { numberAt, textAt } from './read-json.ts'
import type { ImageReference } from './vm-body.ts'

/** What a machine takes from its image. */
export interface Image {
  osType: string
  osName: string
  osVersion: string
  osDiskGb: number
  /** The version that `latest` stood for. */
  exactVersion?: string
}

/** Disk size of an image that doesn't say, in GB. */
const DEFAULT_IMAGE_GB = 30

/** The image of a machine's `imageReference`; throws Azure's refusals. `referrer` is the machine's id. */
export function resolveImage(azure: Azure, reference: ImageReference, referrer: string, location: string): Image {
  if (reference.id) return ownImage(azure, reference.id, referrer, location)
  const { publisher, offer, sku, version } = reference
  if (!publisher || !offer || !sku || !version) throw missingParameter('imageReference')
  const image = platformImage({ publisher, offer, sku, version })
  if (!image) {
    throw new ArmError(
      404,
      'PlatformImageNotFound',
      `The platform image '${publisher}:${offer}:${sku}:${version}' is not available. Verify that all fields in the storage profile are correct. For more details about storage profile information, please refer to https://aka.ms/storageprofile`,
      { target: 'imageReference' },
    )
  }
  return { osType: image.osType, osName: image.osName, osVersion: image.osVersion, osDiskGb: image.osDiskGb, exactVersion: image.version }
}

function ownImage(azure: Azure, id: string, referrer: string, location: string): Image {
  const type = parseResourceId(id)?.type.toLowerCase()
  if (type === 'microsoft.compute/images') return managedImage(azure, id, referrer, location)
  if (type === 'microsoft.compute/galleries/images' || type === 'microsoft.compute/galleries/images/versions')
    return galleryImage(azure, id)
  throw invalidParameter(`The value '${id}' of parameter 'imageReference.id' is invalid.`, 'imageReference.id')
}

function managedImage(azure: Azure, id: string, referrer: string, location: string): Image {
  const image = azure.resources.get(id)
  if (!image || image.location !== location) throw invalidReference(id, referrer)
  return {
    osType: textAt(image.properties, 'storageProfile', 'osDisk', 'osType') ?? 'Linux',
    osName: 'ubuntu',
    osVersion: '',
    osDiskGb: numberAt(image.properties, 'storageProfile', 'osDisk', 'diskSizeGB') ?? DEFAULT_IMAGE_GB,
  }
}

/** A gallery's image by version, or by definition: then its newest version. */
function galleryImage(azure: Azure, id: string): Image {
  const [definitionId = id, asked] = id.split(/\/versions\//i)
  const definition = azure.resources.get(definitionId)
  const version = asked && asked.toLowerCase() !== 'latest' ? azure.resources.get(id) : newest(azure, definitionId)
  if (!definition || !version || version.provisioningState !== 'Succeeded') {
    throw new ArmError(
      404,
      'GalleryImageNotFound',
      `The gallery image ${id} is not available in the requested region, or does not exist.`,
      {
        target: 'imageReference',
      },
    )
  }
  return {
    osType: textAt(definition.properties, 'osType') ?? 'Linux',
    osName: 'ubuntu',
    osVersion: '',
    osDiskGb: numberAt(version.properties, 'storageProfile', 'osDiskImage', 'sizeInGB') ?? DEFAULT_IMAGE_GB,
    exactVersion: version.name,
  }
}

function newest(azure: Azure, definitionId: string): Resource | undefined {
  return azure.resources
    .ofType('Microsoft.Compute/galleries/images/versions', definitionId)
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
    .at(-1)
}
