import { groupId } from '../azure/arm-id.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { clusterResources } from '../clusters/resources.ts'

/** Where an action will be asked for: on what the user brings, else in the group where the cluster's resources are made. A role may be given as narrowly. */
export function scopeOfAction(cluster: Cluster, action: string): string {
  const { subscriptionId, request, network } = cluster
  const given = clusterResources(cluster)
  const networkGroup = groupId(subscriptionId, network.resourceGroup)
  if (/^Microsoft\.Network\/virtualNetworks\/subnets\//i.test(action)) return network.ownsVirtualNetwork ? networkGroup : given.subnet
  if (/^Microsoft\.Network\/virtualNetworks\//i.test(action)) return network.ownsVirtualNetwork ? networkGroup : given.virtualNetwork
  if (/^Microsoft\.Network\/networkSecurityGroups\//i.test(action)) return network.ownsSecurityGroup ? networkGroup : given.securityGroup
  if (/^Microsoft\.Storage\//i.test(action)) return given.storageAccount
  if (/^Microsoft\.ManagedIdentity\//i.test(action)) return given.identity
  if (given.registry && /^Microsoft\.ContainerRegistry\//i.test(action)) return given.registry
  if (given.kubernetes && /^Microsoft\.ContainerService\//i.test(action)) return given.kubernetes
  if (/^Microsoft\.Compute\/sshPublicKeys\//i.test(action)) return given.sshPublicKey
  return groupId(subscriptionId, request.resourceGroup)
}
