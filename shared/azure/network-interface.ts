import { unlessAbsent } from './absent.ts'
import { groupAndName } from './arm-id.ts'
import type { AzureClients } from './clients.ts'
import { observe } from './observe.ts'
import type { ResourceKind } from './resource-kind.ts'
import { submitted } from './submitted.ts'

export interface NetworkInterfaceModel {
  readonly location: string
  readonly subnetId: string
  readonly securityGroupId: string
  readonly publicIpAddressId?: string
}

export const networkInterface: ResourceKind<NetworkInterfaceModel> = {
  name: 'network-interface',
  type: 'Microsoft.Network/networkInterfaces',
  noun: 'network interface',
  permissions: {
    create: [
      'Microsoft.Network/networkInterfaces/read',
      'Microsoft.Network/networkInterfaces/write',
      'Microsoft.Network/virtualNetworks/subnets/join/action',
      'Microsoft.Network/networkSecurityGroups/join/action',
      'Microsoft.Network/publicIPAddresses/join/action',
    ],
    remove: ['Microsoft.Network/networkInterfaces/read', 'Microsoft.Network/networkInterfaces/delete'],
  },
  seconds: { create: 2, remove: 10 },
  async put({ network }, id, { location, subnetId, securityGroupId, publicIpAddressId }, tags) {
    const model = {
      location,
      tags,
      networkSecurityGroup: { id: securityGroupId },
      ipConfigurations: [
        {
          name: 'primary',
          primary: true,
          privateIPAllocationMethod: 'Dynamic',
          subnet: { id: subnetId },
          ...(publicIpAddressId && { publicIPAddress: { id: publicIpAddressId } }),
        },
      ],
    }
    return submitted((options) => network.networkInterfaces.beginCreateOrUpdate(...groupAndName(id), model, options))
  },
  get: async ({ network }, id) => observe(await unlessAbsent(network.networkInterfaces.get(...groupAndName(id)))),
  remove: ({ network }, id) => submitted((options) => network.networkInterfaces.beginDelete(...groupAndName(id), options)),
}

/** Private addresses of all interfaces of a resource group, by the interface's name in lower case. One request for any number of nodes. */
export async function privateAddresses({ network }: AzureClients, resourceGroup: string): Promise<ReadonlyMap<string, string>> {
  const addresses = new Map<string, string>()
  for await (const { name, ipConfigurations } of network.networkInterfaces.list(resourceGroup)) {
    const address = ipConfigurations?.[0]?.privateIPAddress
    if (name && address) addresses.set(name.toLowerCase(), address)
  }
  return addresses
}
