import { parseBody } from '../arm/request-body.ts'
import { defaultView } from '../arm/view.ts'
import type { Azure } from '../azure.ts'
import type { Call, Link, ResourceType, Written } from '../provider.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { type Owner, placeConfigurations, resolve } from './ip-configuration.ts'
import { type NetworkInterfaceProperties, networkInterfaceBody } from './network-interface-body.ts'
import { assertWithinQuota } from './quotas.ts'
import { interfaceProperties, locationOf, machineOf } from './references.ts'
import { networkInterfaceInUse } from './refusals.ts'
import { API_VERSIONS, NAME_PATTERN, SECURITY_GROUP } from './resource-types.ts'

function write(call: Call, existing: Resource | undefined): Written {
  const { azure, id } = call
  const wanted = parseBody(networkInterfaceBody, call).properties
  const location = locationOf(call, existing)
  if (!existing) assertWithinQuota(call, location, 'networkInterfaces')
  const owner: Owner = { azure, id: id.id, location, former: existing && interfaceProperties(existing) }
  const group = wanted.networkSecurityGroup
  const properties: NetworkInterfaceProperties = {
    ...wanted,
    ipConfigurations: placeConfigurations(owner, wanted.ipConfigurations),
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
