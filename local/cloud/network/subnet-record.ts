import { z } from 'zod'
import { sameId } from '../arm/resource-id.ts'
import { defaultView } from '../arm/view.ts'
import type { Azure } from '../azure.ts'
import type { Link } from '../provider.ts'
import type { JsonObject, Resource, ResourceDraft } from '../resource.ts'
import { subResource } from './network-interface-body.ts'
import { ipConfigurationsIn, referenced, stateOf } from './references.ts'
import { prefixInUse, subnetInUse } from './refusals.ts'
import { NAME_PATTERN, SECURITY_GROUP, SUBNET } from './resource-types.ts'

/** `properties` of a subnet, as sent and as kept. One prefix may come as `addressPrefix` or as a list of one; it is echoed as it came. */
export const subnetProperties = z.object({
  addressPrefix: z.string().max(50).optional(),
  addressPrefixes: z.array(z.string().max(50)).max(16).optional(),
  networkSecurityGroup: subResource.optional(),
  serviceEndpoints: z.array(z.object({ service: z.string().max(80), locations: z.array(z.string()).optional() })).optional(),
  privateEndpointNetworkPolicies: z.string().max(40).default('Disabled'),
  privateLinkServiceNetworkPolicies: z.string().max(40).default('Enabled'),
  defaultOutboundAccess: z.boolean().optional(),
})

export const inlineSubnet = z.object({ name: z.string().regex(NAME_PATTERN), properties: subnetProperties })

export type SubnetProperties = z.infer<typeof subnetProperties>

export function prefixesOf(subnet: SubnetProperties): string[] {
  return subnet.addressPrefix === undefined ? (subnet.addressPrefixes ?? []) : [subnet.addressPrefix]
}

/** What a PUT of the subnet or of its network stored. */
export function propertiesOf(subnet: Resource): SubnetProperties {
  return subnet.properties as SubnetProperties
}

export function subnetsOf(azure: Azure, virtualNetworkId: string): Resource[] {
  return azure.resources.ofType(SUBNET, virtualNetworkId)
}

export function assertUnused(azure: Azure, subnet: Resource): void {
  const users = ipConfigurationsIn(azure, subnet.id).map(({ id }) => id)
  if (users.length > 0) throw subnetInUse(subnet.name, users)
}

/** A prefix with addresses in use stays. */
export function assertPrefixesKept(azure: Azure, subnet: Resource, wanted: SubnetProperties): void {
  const gone = prefixesOf(propertiesOf(subnet)).find((prefix) => !prefixesOf(wanted).includes(prefix))
  if (gone !== undefined && ipConfigurationsIn(azure, subnet.id).length > 0) throw prefixInUse(gone, subnet.name)
}

/** The wanted properties with references that exist, spelled as their owners spell them. */
export function resolveReferences(
  azure: Azure,
  id: string,
  location: string | undefined,
  wanted: SubnetProperties,
  existing: Resource | undefined,
): SubnetProperties {
  const group = wanted.networkSecurityGroup
  if (!group) return wanted
  const former = existing && propertiesOf(existing).networkSecurityGroup
  if (former && sameId(former.id, group.id)) return { ...wanted, networkSecurityGroup: former }
  return { ...wanted, networkSecurityGroup: { id: referenced(azure, group.id, SECURITY_GROUP, { id, location }).id } }
}

/** Putting a subnet behind a security group needs a right on that group. */
export function joinSecurityGroup({ networkSecurityGroup: group }: SubnetProperties): Link[] {
  return group ? [{ id: group.id, action: 'Microsoft.Network/networkSecurityGroups/join/action' }] : []
}

export function subnetDraft(virtualNetworkId: string, name: string, properties: SubnetProperties): ResourceDraft {
  return {
    id: `${virtualNetworkId}/subnets/${name}`,
    type: SUBNET,
    name,
    provisioningState: 'Succeeded',
    properties,
    envelope: {},
    hidden: {},
  }
}

export function subnetView(azure: Azure, subnet: Resource): JsonObject {
  const users = ipConfigurationsIn(azure, subnet.id).map(({ id }) => ({ id }))
  return {
    ...defaultView(subnet),
    properties: {
      provisioningState: stateOf(azure, subnet),
      ...subnet.properties,
      ...(users.length > 0 ? { ipConfigurations: users } : {}),
      delegations: [],
    },
  }
}
