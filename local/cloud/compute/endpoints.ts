import type { Location } from '../azure.ts'
import { normalLocation } from '../locations.ts'
import type { Endpoint, EndpointCall } from '../provider.ts'
import type { Json } from '../resource.ts'
import { COMPUTE_VERSIONS, SKU_VERSIONS } from './api-versions.ts'
import { invalidParameter } from './errors.ts'
import { PLATFORM_IMAGES, type PlatformImage } from './platform-images.ts'
import { usages } from './quotas.ts'
import { sizeView, skuView } from './sku-views.ts'
import { VM_SIZES } from './vm-sizes.ts'

const SUBSCRIPTION = '/subscriptions/{subscriptionId}/providers/Microsoft.Compute'
const LOCATION = `${SUBSCRIPTION}/locations/{location}`
const OFFERS = `${LOCATION}/publishers/{publisher}/artifacttypes/vmimage/offers`
const VERSIONS = `${OFFERS}/{offer}/skus/{sku}/versions`

/** What the compute RP answers besides resources: SKUs, sizes, usages, the marketplace's images. */
export const computeEndpoints: readonly Endpoint[] = [
  read(
    `${SUBSCRIPTION}/skus`,
    'Microsoft.Compute/skus/read',
    ({ azure, query }) => ({ value: skus(azure.locations, query.get('$filter')) }),
    SKU_VERSIONS,
  ),
  read(`${LOCATION}/vmSizes`, 'Microsoft.Compute/locations/vmSizes/read', (call) => {
    requireLocation(call)
    return { value: VM_SIZES.map(sizeView) }
  }),
  read(`${LOCATION}/usages`, 'Microsoft.Compute/locations/usages/read', (call) => ({
    value: usages(call.azure, call.params.subscriptionId ?? '', requireLocation(call).name).map(
      ({ name, localizedName, limit, current }) => ({
        unit: 'Count',
        currentValue: current,
        limit,
        name: { value: name, localizedValue: localizedName },
      }),
    ),
  })),
  read(`${LOCATION}/publishers`, 'Microsoft.Compute/locations/publishers/read', (call) => named(call, (image) => image.publisher)),
  read(OFFERS, 'Microsoft.Compute/locations/publishers/artifacttypes/offers/read', (call) => named(call, (image) => image.offer)),
  read(`${OFFERS}/{offer}/skus`, 'Microsoft.Compute/locations/publishers/artifacttypes/offers/skus/read', (call) =>
    named(call, (image) => image.sku),
  ),
  read(VERSIONS, 'Microsoft.Compute/locations/publishers/artifacttypes/offers/skus/versions/read', (call) =>
    named(call, (image) => image.version),
  ),
  read(`${VERSIONS}/{version}`, 'Microsoft.Compute/locations/publishers/artifacttypes/offers/skus/versions/read', (call) => {
    const [image] = fitting(call)
    if (!image) throw invalidParameter(`Artifact: VMImage was not found.`, 'version')
    return {
      ...artifact(call, image.version),
      properties: {
        osDiskImage: { operatingSystem: image.osType, sizeInGb: image.osDiskGb },
        dataDiskImages: [],
        hyperVGeneration: image.hyperVGeneration,
        architecture: 'x64',
      },
    }
  }),
]

function read(path: string, action: string, answer: (call: EndpointCall) => Json, apiVersions = COMPUTE_VERSIONS): Endpoint {
  return { method: 'GET', path, apiVersions, action, handle: (call) => ({ body: answer(call) }) }
}

/** Of all regions, or with `$filter=location eq 'northeurope'` of one. */
function skus(locations: readonly Location[], filter: string | null): Json[] {
  const asked = filter ? /^location eq '([^']*)'$/i.exec(filter.trim())?.[1] : undefined
  if (filter && asked === undefined) throw invalidParameter(`The filter '${filter.slice(0, 200)}' is not supported.`, '$filter')
  const regions = locations.filter((location) => asked === undefined || location.name === normalLocation(asked))
  return regions.flatMap((location) => VM_SIZES.map((size) => skuView(size, location)))
}

function requireLocation({ azure, params }: EndpointCall): Location {
  const found = azure.locations.find((location) => location.name === normalLocation(params.location ?? ''))
  if (!found) throw invalidParameter(`The location '${params.location}' is invalid.`, 'location')
  return found
}

/** The marketplace's images that fit the names in the path. */
function fitting({ params }: EndpointCall): PlatformImage[] {
  const fits = (asked: string | undefined, is: string) => asked === undefined || asked.toLowerCase() === is.toLowerCase()
  return PLATFORM_IMAGES.filter(
    (image) =>
      fits(params.publisher, image.publisher) &&
      fits(params.offer, image.offer) &&
      fits(params.sku, image.sku) &&
      fits(params.version, image.version),
  )
}

function named(call: EndpointCall, name: (image: PlatformImage) => string): Json[] {
  requireLocation(call)
  const names = [...new Set(fitting(call).map(name))]
  const order = call.query.get('$orderby')?.toLowerCase().includes('desc') ? names.reverse() : names
  const top = Number(call.query.get('$top'))
  return order.slice(0, top > 0 ? top : undefined).map((each) => artifact(call, each))
}

function artifact({ params }: EndpointCall, name: string): { [member: string]: Json } {
  const path = [params.publisher, params.offer, params.sku].filter((part) => part !== undefined).join('/')
  return {
    location: params.location ?? '',
    name,
    id: `/Subscriptions/${params.subscriptionId}/Providers/Microsoft.Compute/Locations/${params.location}/${path}/${name}`,
  }
}
