import { unlessAbsent } from './absent.ts'
import { groupAndName } from './arm-id.ts'
import type { AzureClients } from './clients.ts'
import { observe } from './observe.ts'
import type { ResourceKind } from './resource-kind.ts'
import { submitted } from './submitted.ts'

export interface PublicIpAddressModel {
  readonly location: string
}

export const publicIpAddress: ResourceKind<PublicIpAddressModel> = {
  name: 'public-ip-address',
  type: 'Microsoft.Network/publicIPAddresses',
  noun: 'public IP address',
  permissions: {
    create: ['Microsoft.Network/publicIPAddresses/read', 'Microsoft.Network/publicIPAddresses/write'],
    remove: ['Microsoft.Network/publicIPAddresses/read', 'Microsoft.Network/publicIPAddresses/delete'],
  },
  seconds: { create: 3, remove: 10 },
  async put({ network }, id, { location }, tags) {
    // Standard and static: the address stays while the head is deallocated, so the cluster keeps its URL.
    const model = { location, tags, sku: { name: 'Standard' }, publicIPAllocationMethod: 'Static', publicIPAddressVersion: 'IPv4' }
    return submitted((options) => network.publicIPAddresses.beginCreateOrUpdate(...groupAndName(id), model, options))
  },
  get: async ({ network }, id) => observe(await unlessAbsent(network.publicIPAddresses.get(...groupAndName(id)))),
  remove: ({ network }, id) => submitted((options) => network.publicIPAddresses.beginDelete(...groupAndName(id), options)),
}

export async function publicAddress({ network }: AzureClients, id: string): Promise<string | undefined> {
  return (await unlessAbsent(network.publicIPAddresses.get(...groupAndName(id))))?.ipAddress
}
