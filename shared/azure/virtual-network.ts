import { unlessAbsent } from './absent.ts'
import { groupAndName } from './arm-id.ts'
import { observe } from './observe.ts'
import type { ResourceKind } from './resource-kind.ts'
import { submitted } from './submitted.ts'

export interface VirtualNetworkModel {
  readonly location: string
  /** CIDR of the whole network and of its one subnet. */
  readonly prefix: string
  readonly subnet: { readonly name: string; readonly prefix: string }
}

export const virtualNetwork: ResourceKind<VirtualNetworkModel> = {
  name: 'virtual-network',
  type: 'Microsoft.Network/virtualNetworks',
  noun: 'virtual network',
  permissions: {
    create: ['Microsoft.Network/virtualNetworks/read', 'Microsoft.Network/virtualNetworks/write'],
    remove: ['Microsoft.Network/virtualNetworks/read', 'Microsoft.Network/virtualNetworks/delete'],
  },
  seconds: { create: 4, remove: 10 },
  async put({ network }, id, { location, prefix, subnet }, tags) {
    const model = {
      location,
      tags,
      addressSpace: { addressPrefixes: [prefix] },
      subnets: [{ name: subnet.name, addressPrefix: subnet.prefix }],
    }
    return submitted((options) => network.virtualNetworks.beginCreateOrUpdate(...groupAndName(id), model, options))
  },
  get: async ({ network }, id) => observe(await unlessAbsent(network.virtualNetworks.get(...groupAndName(id)))),
  remove: ({ network }, id) => submitted((options) => network.virtualNetworks.beginDelete(...groupAndName(id), options)),
}
