import type { Cluster } from '../clusters/cluster.ts'
import type { Feature } from '../permissions/features.ts'

/** What of the optional things a cluster uses. */
export function featuresOf({ request, network }: Cluster): ReadonlySet<Feature> {
  const used: Partial<Record<Feature, boolean>> = {
    network: network.ownsVirtualNetwork || network.ownsSecurityGroup,
    publicIp: request.attachPublicIP,
    backup: request.backupRetentionPeriod > 0,
    aks: request.aksClusterName !== '',
    acr: request.acrRegistryName !== '',
  }
  return new Set((Object.keys(used) as Feature[]).filter((feature) => used[feature]))
}
