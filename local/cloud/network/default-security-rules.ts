import type { NamedSecurityRule, SecurityRuleProperties } from './security-rule.ts'

function defaultRule(
  description: string,
  direction: SecurityRuleProperties['direction'],
  access: SecurityRuleProperties['access'],
  priority: number,
  [source, destination]: [string, string],
): SecurityRuleProperties {
  return {
    description,
    protocol: '*',
    sourcePortRange: '*',
    destinationPortRange: '*',
    sourceAddressPrefix: source,
    destinationAddressPrefix: destination,
    access,
    priority,
    direction,
  }
}

/** What every network security group ends with and nobody can remove [learn: network-security-groups-overview]. */
export const DEFAULT_SECURITY_RULES: readonly NamedSecurityRule[] = [
  {
    name: 'AllowVnetInBound',
    properties: defaultRule('Allow inbound traffic from all VMs in VNET', 'Inbound', 'Allow', 65000, ['VirtualNetwork', 'VirtualNetwork']),
  },
  {
    name: 'AllowAzureLoadBalancerInBound',
    properties: defaultRule('Allow inbound traffic from azure load balancer', 'Inbound', 'Allow', 65001, ['AzureLoadBalancer', '*']),
  },
  { name: 'DenyAllInBound', properties: defaultRule('Deny all inbound traffic', 'Inbound', 'Deny', 65500, ['*', '*']) },
  {
    name: 'AllowVnetOutBound',
    properties: defaultRule('Allow outbound traffic from all VMs to all VMs in VNET', 'Outbound', 'Allow', 65000, [
      'VirtualNetwork',
      'VirtualNetwork',
    ]),
  },
  {
    name: 'AllowInternetOutBound',
    properties: defaultRule('Allow outbound traffic from all VMs to Internet', 'Outbound', 'Allow', 65001, ['*', 'Internet']),
  },
  { name: 'DenyAllOutBound', properties: defaultRule('Deny all outbound traffic', 'Outbound', 'Deny', 65500, ['*', '*']) },
]
