import { z } from 'zod'
import type { Resource } from '../resource.ts'
import { inlineSubnet } from './subnet-record.ts'

/** A PUT of a virtual network. Without `subnets` those that it has stay; an empty list removes them [Azure updates, April 2025]. */
export const virtualNetworkBody = z.object({
  properties: z.object({
    addressSpace: z.object({ addressPrefixes: z.array(z.string().max(50)).min(1).max(500) }),
    dhcpOptions: z.object({ dnsServers: z.array(z.string().max(45)).max(25).default([]) }).optional(),
    subnets: z.array(inlineSubnet).max(3000).optional(),
    enableDdosProtection: z.boolean().default(false),
    enableVmProtection: z.boolean().optional(),
    privateEndpointVNetPolicies: z.string().max(40).default('Disabled'),
  }),
})

/** `properties` as kept; the subnets are resources of their own. */
export type VirtualNetworkProperties = Omit<z.infer<typeof virtualNetworkBody>['properties'], 'subnets'> & { resourceGuid: string }

export function addressSpaceOf(network: Resource): readonly string[] {
  return (network.properties as VirtualNetworkProperties).addressSpace.addressPrefixes
}
