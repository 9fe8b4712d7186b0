import type { SecurityRule } from '@azure/arm-network'
import { unlessAbsent } from './absent.ts'
import { groupAndName } from './arm-id.ts'
import { observe } from './observe.ts'
import type { ResourceKind } from './resource-kind.ts'
import { submitted } from './submitted.ts'

export interface InboundRule {
  readonly name: string
  readonly priority: number
  /** TCP ports or ranges, e.g. `443`. */
  readonly ports: readonly string[]
}

export interface NetworkSecurityGroupModel {
  readonly location: string
  readonly inbound: readonly InboundRule[]
}

export const inboundRuleModel = ({ name, priority, ports }: InboundRule): SecurityRule => ({
  name,
  priority,
  direction: 'Inbound',
  access: 'Allow',
  protocol: 'Tcp',
  sourceAddressPrefix: '*',
  sourcePortRange: '*',
  destinationAddressPrefix: '*',
  destinationPortRanges: [...ports],
})

/** All rules stand in the one PUT: rules written one by one would be answered with 409 while the group is busy. */
export const networkSecurityGroup: ResourceKind<NetworkSecurityGroupModel> = {
  name: 'network-security-group',
  type: 'Microsoft.Network/networkSecurityGroups',
  noun: 'network security group',
  permissions: {
    create: ['Microsoft.Network/networkSecurityGroups/read', 'Microsoft.Network/networkSecurityGroups/write'],
    remove: ['Microsoft.Network/networkSecurityGroups/read', 'Microsoft.Network/networkSecurityGroups/delete'],
  },
  seconds: { create: 3, remove: 10 },
  async put({ network }, id, { location, inbound }, tags) {
    const securityRules = inbound.map(inboundRuleModel)
    return submitted((options) =>
      network.networkSecurityGroups.beginCreateOrUpdate(...groupAndName(id), { location, tags, securityRules }, options),
    )
  },
  get: async ({ network }, id) => observe(await unlessAbsent(network.networkSecurityGroups.get(...groupAndName(id)))),
  remove: ({ network }, id) => submitted((options) => network.networkSecurityGroups.beginDelete(...groupAndName(id), options)),
}
