import type { Provider } from '../provider.ts'
import { networkInterfaces } from './network-interface.ts'
import { checkDnsNameAvailability, publicIpAddresses } from './public-ip-address.ts'
import { usages } from './quotas.ts'
import { networkSecurityGroups, securityRules } from './security-group.ts'
import { subnets } from './subnet.ts'
import { virtualNetworks } from './virtual-network.ts'

export const networkProvider: Provider = {
  namespace: 'Microsoft.Network',
  resourceTypes: [virtualNetworks, subnets, networkSecurityGroups, securityRules, publicIpAddresses, networkInterfaces],
  endpoints: [usages, checkDnsNameAvailability],
}
