import { ArmError } from '../arm/arm-error.ts'
import { parseBody } from '../arm/request-body.ts'
import { sameId } from '../arm/resource-id.ts'
import { defaultView } from '../arm/view.ts'
import type { Azure } from '../azure.ts'
import type { Call, Link, ResourceType, Written } from '../provider.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { parseIp } from './ip-range.ts'
import { type NetworkInterfaceProperties, networkInterfaceBody } from './network-interface-body.ts'
import { allocateAddress, assertAddressFree, heldAddresses } from './private-address.ts'
import { assertWithinQuota } from './quotas.ts'
import { holderOf, interfaceProperties, locationOf, machineOf, referenced } from './references.ts'
import { networkInterfaceInUse, publicAddressTaken } from './refusals.ts'
import { API_VERSIONS, NAME_PATTERN, PUBLIC_IP_ADDRESS, SECURITY_GROUP, SUBNET } from './resource-types.ts'

type IpConfiguration = NetworkInterfaceProperties['ipConfigurations'][number]

/** The network interface being written. */
interface Owner {
  readonly azure: Azure
  readonly id: string
  readonly location: string
  readonly former: NetworkInterfaceProperties | undefined
}

/** A reference that is new is checked; one that was there before is kept whatever state its target is in. */
function resolve(owner: Owner, id: string, type: string, former: string | undefined): string {
  return former !== undefined && sameId(former, id) ? former : referenced(owner.azure, id, type, owner).id
}

/** Places one configuration in its subnet. `placed` are those of the same request, which hold their addresses already. */
function place(owner: Owner, wanted: IpConfiguration, placed: readonly IpConfiguration[]): IpConfiguration {
  const { azure } = owner
  const id = `${owner.id}/ipConfigurations/${wanted.name}`
  const former = owner.former?.ipConfigurations.find(({ name }) => name === wanted.name)?.properties
  const subnetId = resolve(owner, wanted.properties.subnet.id, SUBNET, former?.subnet.id)
  const publicIp = wanted.properties.publicIPAddress
  const publicIpId = publicIp && resolve(owner, publicIp.id, PUBLIC_IP_ADDRESS, former?.publicIPAddress?.id)
  const holder = publicIpId === undefined ? undefined : holderOf(azure, publicIpId)
  if (publicIpId !== undefined && holder && !sameId(holder.networkInterface.id, owner.id))
    throw publicAddressTaken(id, publicIpId, holder.id)
  return {
    name: wanted.name,
    properties: {
      ...wanted.properties,
      subnet: { id: subnetId },
      publicIPAddress: publicIpId === undefined ? undefined : { id: publicIpId },
      privateIPAddress: addressFor(owner, id, subnetId, wanted, former, placed),
    },
  }
}

function addressFor(
  owner: Owner,
  id: string,
  subnetId: string,
  { properties: wanted }: IpConfiguration,
  former: IpConfiguration['properties'] | undefined,
  placed: readonly IpConfiguration[],
): string {
  const subnet = owner.azure.resources.get(subnetId)
  if (!subnet) throw new Error(`subnet ${subnetId} was resolved before`)
  const held = heldAddresses(owner.azure, subnet)
  for (const [address, holder] of held) if (sameId(holder.id, owner.id)) held.delete(address)
  const own = placed.flatMap(({ properties }) =>
    sameId(properties.subnet.id, subnetId) ? [parseIp(properties.privateIPAddress ?? '') ?? -1] : [],
  )
  if (wanted.privateIPAllocationMethod === 'Static') {
    assertAddressFree(subnet, wanted.privateIPAddress ?? '', id, held)
    return wanted.privateIPAddress ?? ''
  }
  const kept = former && sameId(former.subnet.id, subnetId) ? former.privateIPAddress : undefined
  return kept ?? allocateAddress(subnet, new Set([...held.keys(), ...own]))
}

/** Azure makes the first configuration primary when none is named. */
function withPrimary(configurations: readonly IpConfiguration[]): IpConfiguration[] {
  const primaries = configurations.filter(({ properties }) => properties.primary === true)
  if (primaries.length > 1)
    throw new ArmError(400, 'MoreThanOnePrimaryIpConfigurationsNotAllowed', 'More than one IP configuration is marked as primary.')
  const primary = primaries[0] ?? configurations[0]
  return configurations.map((configuration) => ({
    ...configuration,
    properties: { ...configuration.properties, primary: configuration === primary },
  }))
}

function write(call: Call, existing: Resource | undefined): Written {
  const { azure, id } = call
  const wanted = parseBody(networkInterfaceBody, call).properties
  const location = locationOf(call, existing)
  if (!existing) assertWithinQuota(call, location, 'networkInterfaces')
  const owner: Owner = { azure, id: id.id, location, former: existing && interfaceProperties(existing) }
  const placed: IpConfiguration[] = []
  for (const configuration of wanted.ipConfigurations) placed.push(place(owner, configuration, placed))
  const group = wanted.networkSecurityGroup
  const properties: NetworkInterfaceProperties = {
    ...wanted,
    ipConfigurations: withPrimary(placed),
    networkSecurityGroup: group && { id: resolve(owner, group.id, SECURITY_GROUP, owner.former?.networkSecurityGroup?.id) },
    resourceGuid: owner.former?.resourceGuid ?? azure.uuid(),
  }
  return { properties, takes: 'networkInterface.write' }
}

function links(call: Call): Link[] {
  if (call.method !== 'PUT') return []
  const { ipConfigurations, networkSecurityGroup } = parseBody(networkInterfaceBody, call).properties
  return [
    ...ipConfigurations.map(({ properties }) => ({
      id: properties.subnet.id,
      action: 'Microsoft.Network/virtualNetworks/subnets/join/action',
    })),
    ...ipConfigurations.flatMap(({ properties: { publicIPAddress } }) =>
      publicIPAddress ? [{ id: publicIPAddress.id, action: 'Microsoft.Network/publicIPAddresses/join/action' }] : [],
    ),
    ...(networkSecurityGroup ? [{ id: networkSecurityGroup.id, action: 'Microsoft.Network/networkSecurityGroups/join/action' }] : []),
  ]
}

/** Microsoft's own prefix, then the end of the resource's GUID: the same at every look. */
function macAddress(resourceGuid: string): string {
  const tail = resourceGuid.slice(-6).toUpperCase()
  return ['00', '0D', '3A', tail.slice(0, 2), tail.slice(2, 4), tail.slice(4)].join('-')
}

function view(azure: Azure, networkInterface: Resource): JsonObject {
  const properties = interfaceProperties(networkInterface)
  const machine = machineOf(azure, networkInterface.id)
  return {
    ...defaultView(networkInterface),
    properties: {
      provisioningState: networkInterface.provisioningState,
      ...properties,
      ipConfigurations: properties.ipConfigurations.map((configuration) => ({
        name: configuration.name,
        id: `${networkInterface.id}/ipConfigurations/${configuration.name}`,
        etag: `W/"${networkInterface.etag}"`,
        type: 'Microsoft.Network/networkInterfaces/ipConfigurations',
        properties: { provisioningState: networkInterface.provisioningState, ...configuration.properties },
      })),
      dnsSettings: { dnsServers: properties.dnsSettings?.dnsServers ?? [], appliedDnsServers: [] },
      ...(machine ? { virtualMachine: { id: machine.id }, primary: true, macAddress: macAddress(properties.resourceGuid) } : {}),
      hostedWorkloads: [],
      tapConfigurations: [],
      nicType: 'Standard',
      vnetEncryptionSupported: false,
    },
  }
}

export const networkInterfaces: ResourceType = {
  type: 'networkInterfaces',
  apiVersions: API_VERSIONS,
  tracked: true,
  namePattern: NAME_PATTERN,
  etags: true,
  links,
  write,
  remove({ azure }, existing) {
    const machine = machineOf(azure, existing.id)
    if (machine) throw networkInterfaceInUse(existing.id, machine.id)
    return { takes: 'networkInterface.delete' }
  },
  view,
}
