import { ArmError } from '../arm/arm-error.ts'
import { parseBody } from '../arm/request-body.ts'
import { defaultView } from '../arm/view.ts'
import type { Azure } from '../azure.ts'
import type { Call, ResourceType, Written } from '../provider.ts'
import type { Resource } from '../resource.ts'
import { checkIpAddressAvailability, subnetUsages } from './address-availability.ts'
import { assertWithinQuota } from './quotas.ts'
import { isBusy, locationOf } from './references.ts'
import { anotherOperationInProgress } from './refusals.ts'
import { API_VERSIONS, NAME_PATTERN } from './resource-types.ts'
import { assertRanges } from './subnet-ranges.ts'
import {
  assertPrefixesKept,
  assertUnused,
  joinSecurityGroup,
  prefixesOf,
  propertiesOf,
  resolveReferences,
  type SubnetProperties,
  subnetDraft,
  subnetsOf,
  subnetView,
} from './subnet-record.ts'
import { virtualNetworkBody } from './virtual-network-body.ts'

type WantedSubnets = readonly { name: string; properties: SubnetProperties }[]

function write(call: Call, existing: Resource | undefined): Written {
  const { azure, id } = call
  const { subnets: sent, ...properties } = parseBody(virtualNetworkBody, call).properties
  const location = locationOf(call, existing)
  if (!existing) assertWithinQuota(call, location, 'virtualNetworks')
  const present = existing ? subnetsOf(azure, existing.id) : []
  if (present.some(isBusy)) throw anotherOperationInProgress()
  const wanted: WantedSubnets = sent ?? present.map((subnet) => ({ name: subnet.name, properties: propertiesOf(subnet) }))
  assertRanges(
    id,
    properties.addressSpace.addressPrefixes,
    wanted.map((subnet) => ({ name: subnet.name, prefixes: prefixesOf(subnet.properties) })),
  )
  if (sent) replaceSubnets(azure, id.id, location, present, sent)
  return {
    properties: { ...properties, resourceGuid: existing?.properties.resourceGuid ?? azure.uuid() },
    takes: 'virtualNetwork.write',
  }
}

function replaceSubnets(azure: Azure, networkId: string, location: string, present: readonly Resource[], wanted: WantedSubnets): void {
  const spelled = (name: string) => name.toLowerCase()
  const names = new Set(wanted.map(({ name }) => spelled(name)))
  if (names.size < wanted.length)
    throw new ArmError(400, 'DuplicateResourceName', `Resource ${networkId} has two child resources with the same name.`)
  for (const gone of present.filter(({ name }) => !names.has(spelled(name)))) {
    assertUnused(azure, gone)
    azure.resources.delete(gone.id)
  }
  for (const { name, properties } of wanted) {
    const former = present.find((subnet) => spelled(subnet.name) === spelled(name))
    if (former) assertPrefixesKept(azure, former, properties)
    const resolved = resolveReferences(azure, `${networkId}/subnets/${name}`, location, properties, former)
    azure.resources.put(subnetDraft(networkId, former?.name ?? name, resolved))
  }
}

export const virtualNetworks: ResourceType = {
  type: 'virtualNetworks',
  apiVersions: API_VERSIONS,
  tracked: true,
  namePattern: NAME_PATTERN,
  etags: true,
  links: (call) =>
    call.method === 'PUT'
      ? (parseBody(virtualNetworkBody, call).properties.subnets ?? []).flatMap(({ properties }) => joinSecurityGroup(properties))
      : [],
  write,
  remove(call, existing) {
    const inside = subnetsOf(call.azure, existing.id)
    if (inside.some(isBusy)) throw anotherOperationInProgress()
    for (const subnet of inside) assertUnused(call.azure, subnet)
    return { takes: 'virtualNetwork.delete' }
  },
  actions: {
    CheckIPAddressAvailability: { method: 'GET', run: (call, network) => ({ body: checkIpAddressAvailability(call, network) }) },
    usages: { method: 'GET', run: (call, network) => ({ body: { value: subnetUsages(call.azure, network) } }) },
  },
  view: (azure, network) => ({
    ...defaultView(network),
    properties: {
      provisioningState: network.provisioningState,
      ...network.properties,
      subnets: subnetsOf(azure, network.id).map((subnet) => ({ ...subnetView(azure, subnet), etag: `W/"${subnet.etag}"` })),
      virtualNetworkPeerings: [],
    },
  }),
}
