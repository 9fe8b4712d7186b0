import { armId, groupId, parseArmId } from '../azure/arm-id.ts'
import { blobContainerId } from '../azure/blob-container.ts'
import { disk } from '../azure/disk.ts'
import { networkInterface } from '../azure/network-interface.ts'
import { networkSecurityGroup } from '../azure/network-security-group.ts'
import { publicIpAddress } from '../azure/public-ip-address.ts'
import type { RemovableKind, Tags } from '../azure/resource-kind.ts'
import { snapshot } from '../azure/snapshot.ts'
import { virtualMachine } from '../azure/virtual-machine.ts'
import { virtualNetwork } from '../azure/virtual-network.ts'
import type { Cluster } from './cluster.ts'
import { isHead, type Node } from './node.ts'

/** The kinds of resources that we make, in the order in which they can be removed. */
export const removalOrder: readonly RemovableKind[] = [
  virtualMachine,
  networkInterface,
  disk,
  snapshot,
  publicIpAddress,
  networkSecurityGroup,
  virtualNetwork,
]

/** Undefined for what we never make. */
export function kindOf(id: string): RemovableKind | undefined {
  const type = parseArmId(id).type.toLowerCase()
  return removalOrder.find((kind) => kind.type.toLowerCase() === type)
}

/** ARM ids of one node's machine and of what belongs to it alone. */
export interface NodeResources {
  readonly virtualMachine: string
  readonly networkInterface: string
  readonly osDisk: string
  readonly dataDisk?: string
}

/** Everything is derived from the cluster: whoever plans twice means the same resources. */
export function nodeResources(cluster: Cluster, node: Node): NodeResources {
  const id = (kind: RemovableKind, name: string) => armId(cluster.subscriptionId, cluster.request.resourceGroup, kind.type, name)
  const latest = node.generation === undefined ? node.name : `${node.name}-g${node.generation}`
  const machine = isHead(node) ? latest : node.name
  return {
    virtualMachine: id(virtualMachine, machine),
    // It holds the node's addresses, and goes from one generation to the next.
    networkInterface: id(networkInterface, `${node.name}-nic`),
    osDisk: id(disk, `${machine}-os`),
    ...(node.diskSize > 0 && { dataDisk: id(disk, `${latest}-data`) }),
  }
}

/** ARM ids of what the cluster as a whole uses; what the user brought is among them. */
export interface ClusterResources {
  readonly resourceGroup: string
  readonly sshPublicKey: string
  readonly identity: string
  readonly storageAccount: string
  readonly container: string
  readonly virtualNetwork: string
  readonly subnet: string
  readonly securityGroup: string
  /** Absent where the cluster uses none. */
  readonly registry?: string
  readonly kubernetes?: string
  /** Absent where the cluster has none. */
  readonly publicIpAddress?: string
}

export function clusterResources({ subscriptionId, request, network }: Cluster): ClusterResources {
  const { resourceGroup, name } = request
  const here = (type: string, resource: string) => armId(subscriptionId, resourceGroup, type, resource)
  const net = (type: string, ...names: readonly string[]) => armId(subscriptionId, network.resourceGroup, type, ...names)
  const storageAccount = here('Microsoft.Storage/storageAccounts', request.storageAccount)
  return {
    resourceGroup: groupId(subscriptionId, resourceGroup),
    sshPublicKey: here('Microsoft.Compute/sshPublicKeys', request.sshKeyName),
    identity: here('Microsoft.ManagedIdentity/userAssignedIdentities', request.managedIdentity),
    storageAccount,
    container: blobContainerId(storageAccount, request.blobContainerName),
    virtualNetwork: net(virtualNetwork.type, network.virtualNetwork),
    subnet: net(`${virtualNetwork.type}/subnets`, network.virtualNetwork, network.subnet),
    securityGroup: net(networkSecurityGroup.type, network.securityGroup),
    ...(request.acrRegistryName !== '' && { registry: here('Microsoft.ContainerRegistry/registries', request.acrRegistryName) }),
    ...(request.aksClusterName !== '' && { kubernetes: here('Microsoft.ContainerService/managedClusters', request.aksClusterName) }),
    ...(request.attachPublicIP && { publicIpAddress: here(publicIpAddress.type, `${name}-ip`) }),
  }
}

export const CLUSTER_TAG = 'slipway-cluster'
/** In place of a cluster's: a backup outlives it. */
export const BACKUP_TAG = 'slipway-backup'
export const OPERATION_TAG = 'slipway-operation'
export const OWNER_TAG = 'slipway-owner'

/** What every resource that we make carries: by these it is found again whatever is lost. `owner`: this installation. */
export function tagsOf(cluster: Cluster, operationId: string, owner: string): Tags {
  return {
    ...Object.fromEntries(cluster.request.tags.map(({ name, value }) => [name, value])),
    [CLUSTER_TAG]: cluster.id,
    [OPERATION_TAG]: operationId,
    [OWNER_TAG]: owner,
  }
}
