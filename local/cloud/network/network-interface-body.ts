import { z } from 'zod'

export const subResource = z.object({ id: z.string().max(1024) })

const ipConfiguration = z.object({
  name: z.string().min(1).max(80),
  properties: z.object({
    privateIPAddress: z.string().max(45).optional(),
    privateIPAllocationMethod: z.enum(['Dynamic', 'Static']).default('Dynamic'),
    privateIPAddressVersion: z.literal('IPv4').default('IPv4'),
    primary: z.boolean().optional(),
    subnet: subResource,
    publicIPAddress: subResource.optional(),
  }),
})

/** A PUT of a network interface; what is read-only in it is dropped. */
export const networkInterfaceBody = z.object({
  properties: z.object({
    ipConfigurations: z.array(ipConfiguration).min(1).max(256),
    networkSecurityGroup: subResource.optional(),
    dnsSettings: z.object({ dnsServers: z.array(z.string().max(45)).max(25).default([]) }).optional(),
    enableAcceleratedNetworking: z.boolean().default(false),
    enableIPForwarding: z.boolean().default(false),
  }),
})

/** `properties` as kept: every configuration has its address, and exactly one is primary. */
export type NetworkInterfaceProperties = z.infer<typeof networkInterfaceBody>['properties'] & { resourceGuid: string }
