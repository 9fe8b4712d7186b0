import { armId } from '../azure/arm-id.ts'
import { networkInterface } from '../azure/network-interface.ts'
import { snapshot } from '../azure/snapshot.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { isHead, type Node } from '../clusters/node.ts'
import { type NodeResources, nodeResources } from '../clusters/resources.ts'
import { adopted, reverted, statefulNodes } from './generation.ts'
import type { Upgrade } from './upgrade.ts'

/** A node that keeps a state, before and after an upgrade. */
export interface Succession {
  readonly node: Node
  readonly former: NodeResources
  readonly next: NodeResources
  /** Of the former data disk; absent where the node has none. */
  readonly snapshot?: string
}

/** What an upgrade makes and leaves: the same before and after the new generation has been adopted. */
export interface UpgradeResources {
  readonly head: Succession
  /** The nodes of RonDB. */
  readonly others: readonly Succession[]
  /** Where the former head waits without the cluster's addresses. */
  readonly parking: string
}

export function upgradeResources(cluster: Cluster, upgrade: Upgrade): UpgradeResources {
  const id = (type: string, name: string) => armId(cluster.subscriptionId, cluster.request.resourceGroup, type, name)
  const before = statefulNodes(reverted(cluster, upgrade))
  const after = statefulNodes(adopted(cluster, upgrade))
  const successions = before.map((node, index): Succession => {
    const heir = after[index] ?? node
    return {
      node,
      former: nodeResources(cluster, node),
      next: nodeResources(cluster, heir),
      ...(node.diskSize > 0 && { snapshot: id(snapshot.type, `${node.name}-g${heir.generation ?? 1}-snapshot`) }),
    }
  })
  const head = successions.find(({ node }) => isHead(node))
  if (!head) throw new TypeError('a cluster has a head')
  return {
    head,
    others: successions.filter((one) => one !== head),
    parking: id(networkInterface.type, `${head.node.name}-parked-nic`),
  }
}
