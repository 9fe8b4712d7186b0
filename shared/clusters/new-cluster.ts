import type { Cluster } from './cluster.ts'
import type { AzureCluster } from './create-request.ts'
import { nodesOf } from './node.ts'
import { closedPorts } from './open-ports.ts'

export interface Birth {
  readonly id: string
  readonly accountId: string
  readonly subscriptionId: string
  /** Epoch milliseconds. */
  readonly now: number
  readonly newNodeId: () => string
}

/** The cluster that a request means, before anything of it is made. */
export function newCluster(request: AzureCluster, { id, accountId, subscriptionId, now, newNodeId }: Birth): Cluster {
  // The front of an id is its time: two clusters of one second would share it.
  const part = id.slice(-12)
  const ownsVirtualNetwork = request.virtualNetworkName === ''
  const ownsSecurityGroup = request.securityGroupName === ''
  return {
    id,
    accountId,
    subscriptionId,
    state: 'pending',
    createdOn: Math.floor(now / 1000),
    stage: 'pending',
    request: { ...request, blobContainerName: request.blobContainerName || `hopsworksai-${part}` },
    network: {
      resourceGroup: request.networkResourceGroup || request.resourceGroup,
      virtualNetwork: request.virtualNetworkName || `hopsworksai-vnet-${part}`,
      subnet: request.subnetName || 'default',
      securityGroup: request.securityGroupName || `hopsworksai-nsg-${part}`,
      ownsVirtualNetwork,
      ownsSecurityGroup,
    },
    nodes: nodesOf(request, newNodeId),
    ports: closedPorts,
    ...(request.autoscale && { autoscale: request.autoscale }),
  }
}
