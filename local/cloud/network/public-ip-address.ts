import { z } from 'zod'
import { parseBody } from '../arm/request-body.ts'
import { defaultView } from '../arm/view.ts'
import type { Azure } from '../azure.ts'
import { normalLocation } from '../locations.ts'
import type { Call, Endpoint, ResourceType, Written } from '../provider.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { formatIp } from './ip-range.ts'
import { assertWithinQuota } from './quotas.ts'
import { holderOf, locationOf, machineOf } from './references.ts'
import { dnsRecordInUse, invalidAvailabilityZone, invalidDomainNameLabel, publicAddressInUse, standardMustBeStatic } from './refusals.ts'
import { API_VERSIONS, NAME_PATTERN, PUBLIC_IP_ADDRESS } from './resource-types.ts'

const publicIpAddressBody = z.object({
  sku: z.object({ name: z.enum(['Basic', 'Standard']).default('Basic'), tier: z.literal('Regional').default('Regional') }).optional(),
  zones: z.array(z.string().max(4)).max(3).optional(),
  properties: z
    .object({
      publicIPAllocationMethod: z.enum(['Dynamic', 'Static']).default('Dynamic'),
      publicIPAddressVersion: z.literal('IPv4').default('IPv4'),
      idleTimeoutInMinutes: z.number().int().min(4).max(30).default(4),
      dnsSettings: z.object({ domainNameLabel: z.string().max(100).optional() }).optional(),
    })
    .prefault({}),
})

type Sku = NonNullable<z.infer<typeof publicIpAddressBody>['sku']>

type PublicIpAddressProperties = Omit<z.infer<typeof publicIpAddressBody>['properties'], 'dnsSettings'> & {
  dnsSettings?: { domainNameLabel: string; fqdn: string }
  resourceGuid: string
}

const LABEL = /^[a-z][a-z0-9-]{1,61}[a-z0-9]$/

function fqdnOf(label: string, location: string): string {
  return `${label}.${location}.cloudapp.azure.com`
}

function propertiesOf(address: Resource): PublicIpAddressProperties {
  return address.properties as PublicIpAddressProperties
}

function ownerOfName(azure: Azure, fqdn: string): Resource | undefined {
  return azure.resources.ofType(PUBLIC_IP_ADDRESS).find((address) => propertiesOf(address).dnsSettings?.fqdn === fqdn)
}

function dnsSettings({ azure, id }: Call, label: string, location: string): { domainNameLabel: string; fqdn: string } {
  if (!LABEL.test(label)) throw invalidDomainNameLabel(label, LABEL.source)
  const fqdn = fqdnOf(label, location)
  const owner = ownerOfName(azure, fqdn)
  if (owner && owner.id.toLowerCase() !== id.id.toLowerCase()) throw dnsRecordInUse(fqdn)
  return { domainNameLabel: label, fqdn }
}

function write(call: Call, existing: Resource | undefined): Written {
  const { azure, id } = call
  const { sku: wanted, zones, properties } = parseBody(publicIpAddressBody, call)
  const sku = wanted ?? (existing?.envelope.sku as Sku | undefined) ?? { name: 'Basic', tier: 'Regional' }
  const location = locationOf(call, existing)
  if (sku.name === 'Standard' && properties.publicIPAllocationMethod !== 'Static') throw standardMustBeStatic(id.id)
  const supported = azure.locations.find(({ name }) => name === location)?.zones ?? []
  const unknownZone = zones?.find((zone) => !supported.includes(zone))
  if (unknownZone !== undefined) throw invalidAvailabilityZone(unknownZone, id.id, location, supported)
  if (!existing) {
    assertWithinQuota(call, location, 'publicIPAddresses')
    assertWithinQuota(call, location, sku.name === 'Basic' ? 'basicPublicIPAddresses' : 'standardPublicIPAddresses')
  }
  const label = properties.dnsSettings?.domainNameLabel
  return {
    properties: {
      ...properties,
      dnsSettings: label === undefined ? undefined : dnsSettings(call, label, location),
      resourceGuid: existing?.properties.resourceGuid ?? azure.uuid(),
    },
    envelope: { sku, zones },
    takes: 'publicIPAddress.write',
  }
}

/** An address of 20.0.0.0/8, which Azure owns, so that it looks like one and nothing on this machine answers at it. */
function freePublicAddress(azure: Azure): string {
  const taken = new Set(azure.resources.ofType(PUBLIC_IP_ADDRESS).map(({ hidden }) => hidden.ipAddress))
  for (;;) {
    const address = formatIp(0x14000000 + 1 + Math.floor(azure.random() * 0xfffffe))
    if (!taken.has(address)) return address
  }
}

/** A dynamic address is there only while a machine uses it. */
function shownAddress(azure: Azure, address: Resource): JsonObject {
  const holder = holderOf(azure, address.id)
  const shown = propertiesOf(address).publicIPAllocationMethod === 'Static' || (holder && machineOf(azure, holder.networkInterface.id))
  return {
    ...(shown && address.hidden.ipAddress !== undefined ? { ipAddress: address.hidden.ipAddress } : {}),
    ...(holder ? { ipConfiguration: { id: holder.id } } : {}),
  }
}

export const publicIpAddresses: ResourceType = {
  type: 'publicIPAddresses',
  apiVersions: API_VERSIONS,
  tracked: true,
  namePattern: NAME_PATTERN,
  etags: true,
  write,
  finishWrite: (azure, address) =>
    address.hidden.ipAddress === undefined ? { ...address, hidden: { ...address.hidden, ipAddress: freePublicAddress(azure) } } : address,
  remove({ azure }, existing) {
    const holder = holderOf(azure, existing.id)
    if (holder) throw publicAddressInUse(existing.id, holder.id)
    return { takes: 'publicIPAddress.delete' }
  },
  view: (azure, address) => ({
    ...defaultView(address),
    properties: {
      provisioningState: address.provisioningState,
      ...address.properties,
      ...shownAddress(azure, address),
      ipTags: [],
      ddosSettings: { protectionMode: 'VirtualNetworkInherited' },
    },
  }),
}

/** `GET …/locations/{location}/CheckDnsNameAvailability?domainNameLabel=` */
export const checkDnsNameAvailability: Endpoint = {
  method: 'GET',
  path: '/subscriptions/{subscriptionId}/providers/Microsoft.Network/locations/{location}/CheckDnsNameAvailability',
  apiVersions: API_VERSIONS,
  action: 'Microsoft.Network/locations/checkDnsNameAvailability/read',
  handle({ azure, params: { location = '' }, query }) {
    const label = query.get('domainNameLabel') ?? ''
    if (!LABEL.test(label)) throw invalidDomainNameLabel(label, LABEL.source)
    return { body: { available: ownerOfName(azure, fqdnOf(label, normalLocation(location))) === undefined } }
  },
}
