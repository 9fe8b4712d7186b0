import { ArmError } from '../arm/arm-error.ts'
import type { Azure } from '../azure.ts'
import { normalLocation } from '../locations.ts'
import type { Call, Endpoint } from '../provider.ts'
import type { Resource } from '../resource.ts'
import { API_VERSIONS, NETWORK_INTERFACE, PUBLIC_IP_ADDRESS, SECURITY_GROUP, VIRTUAL_NETWORK } from './resource-types.ts'

interface Quota {
  /** `name.value` of the usage; also the name for PUT /_slipway/quota. */
  readonly usage: string
  readonly localized: string
  readonly type: string
  readonly counts?: (resource: Resource) => boolean
  /** Resources a region and subscription [learn: azure-subscription-service-limits]. */
  readonly limit: number
  readonly code: string
  /** `Cannot create more than 20 … for this subscription in this region.` */
  readonly noun: string
}

const skuIs = (name: string) => (resource: Resource) => (resource.envelope.sku as { name?: string } | undefined)?.name === name

const QUOTAS = {
  virtualNetworks: {
    usage: 'VirtualNetworks',
    localized: 'Virtual Networks',
    type: VIRTUAL_NETWORK,
    limit: 1000,
    code: 'VirtualNetworkCountLimitReached',
    noun: 'virtual networks',
  },
  securityGroups: {
    usage: 'NetworkSecurityGroups',
    localized: 'Network Security Groups',
    type: SECURITY_GROUP,
    limit: 5000,
    code: 'NetworkSecurityGroupCountLimitReached',
    noun: 'network security groups',
  },
  networkInterfaces: {
    usage: 'NetworkInterfaces',
    localized: 'Network Interfaces',
    type: NETWORK_INTERFACE,
    limit: 65536,
    code: 'NetworkInterfaceCountLimitReached',
    noun: 'network interfaces',
  },
  publicIPAddresses: {
    usage: 'PublicIPAddresses',
    localized: 'Public IP Addresses',
    type: PUBLIC_IP_ADDRESS,
    limit: 1000,
    code: 'PublicIPCountLimitReached',
    noun: 'public IP addresses',
  },
  standardPublicIPAddresses: {
    usage: 'IPv4StandardSkuPublicIpAddresses',
    localized: 'Public IPv4 Addresses - Standard',
    type: PUBLIC_IP_ADDRESS,
    counts: skuIs('Standard'),
    limit: 1000,
    code: 'IPv4StandardSkuPublicIpCountLimitReached',
    noun: 'IPv4 Standard SKU public IP addresses',
  },
  /** Basic is retired since 2025: subscriptions have none unless a test gives them some. */
  basicPublicIPAddresses: {
    usage: 'IPv4BasicSkuPublicIpAddresses',
    localized: 'Public IPv4 Addresses - Basic',
    type: PUBLIC_IP_ADDRESS,
    counts: skuIs('Basic'),
    limit: 0,
    code: 'IPv4BasicSkuPublicIpCountLimitReached',
    noun: 'IPv4 Basic SKU public IP addresses',
  },
} as const satisfies Record<string, Quota>

export type QuotaName = keyof typeof QUOTAS

function used(azure: Azure, subscriptionId: string, location: string, quota: Quota): number {
  return azure.resources
    .ofType(quota.type, `/subscriptions/${subscriptionId}`)
    .filter((resource) => resource.location === location && (quota.counts?.(resource) ?? true)).length
}

/** Throws Azure's 400 when one more would be too many, or when the fault plan says so. */
export function assertWithinQuota({ azure, id, fault }: Call, location: string, name: QuotaName): void {
  const quota: Quota = QUOTAS[name]
  const current = used(azure, id.subscriptionId, location, quota)
  const limit = fault?.fault === 'quota' ? current : azure.quota(location, quota.usage, quota.limit)
  if (current < limit) return
  const message = `Cannot create more than ${limit} ${quota.noun} for this subscription in this region.`
  throw new ArmError(400, fault?.code ?? quota.code, fault?.message ?? message)
}

/** `GET …/providers/Microsoft.Network/locations/{location}/usages` */
export const usages: Endpoint = {
  method: 'GET',
  path: '/subscriptions/{subscriptionId}/providers/Microsoft.Network/locations/{location}/usages',
  apiVersions: API_VERSIONS,
  action: 'Microsoft.Network/locations/usages/read',
  handle({ azure, params }) {
    const { subscriptionId = '' } = params
    const location = normalLocation(params.location ?? '')
    const value = Object.values(QUOTAS).map((quota: Quota) => ({
      id: `/subscriptions/${subscriptionId}/providers/Microsoft.Network/locations/${location}/usages/${quota.usage}`,
      unit: 'Count',
      currentValue: used(azure, subscriptionId, location, quota),
      limit: azure.quota(location, quota.usage, quota.limit),
      name: { value: quota.usage, localizedValue: quota.localized },
    }))
    return { body: { value } }
  },
}
