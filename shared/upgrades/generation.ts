import type { Cluster } from '../clusters/cluster.ts'
import { isHead, isWorker, type Node } from '../clusters/node.ts'
import type { Upgrade } from './upgrade.ts'

/**
 * An upgrade never writes to a disk that the old version needs: the head as a whole, and the data disks of every node that keeps a state, get
 * a next generation, and the one before lies untouched until the new one has proved itself.
 */

const generationOf = ({ generation = 1 }: Node): number => generation

const inGeneration = ({ generation: _, ...node }: Node, generation: number): Node => (generation > 1 ? { ...node, generation } : node)

/** The node as it will be. */
export const successor = (node: Node, headId: string): Node => ({
  ...inGeneration(node, generationOf(node) + 1),
  ...(isHead(node) && { id: headId }),
})

/** The nodes whose disks an upgrade touches: those that keep a state. */
export const statefulNodes = ({ nodes }: Pick<Cluster, 'nodes'>): readonly Node[] => nodes.filter((node) => !isWorker(node))

const isAdopted = ({ nodes }: Cluster, { headId }: Upgrade): boolean => nodes.some((node) => isHead(node) && node.id === headId)

/** The cluster with the new generation as its own. */
export function adopted(cluster: Cluster, upgrade: Upgrade): Cluster {
  if (isAdopted(cluster, upgrade)) return cluster
  return { ...cluster, nodes: cluster.nodes.map((node) => (isWorker(node) ? node : successor(node, upgrade.headId))) }
}

/** The cluster with the generation from before the upgrade, whether the new one had been adopted or not. */
export function reverted(cluster: Cluster, upgrade: Upgrade): Cluster {
  if (!isAdopted(cluster, upgrade)) return cluster
  const former = (node: Node): Node => ({
    ...inGeneration(node, generationOf(node) - 1),
    ...(isHead(node) && { id: upgrade.before.headId }),
  })
  return { ...cluster, nodes: cluster.nodes.map((node) => (isWorker(node) ? node : former(node))) }
}

/** The cluster when its upgrade has come to its end. */
export function upgraded({ upgrade, ...cluster }: Cluster): Cluster {
  const stays = (node: Node) => !isWorker(node) || (upgrade?.recreateWorkers !== false && !node.leaving)
  return { ...cluster, nodes: cluster.nodes.filter(stays) }
}

/** The cluster when its upgrade has been taken back. */
export function rolledBack(cluster: Cluster): Cluster {
  if (!cluster.upgrade) return cluster
  const { from: version, before } = cluster.upgrade
  const { upgrade: _, ...former } = reverted(cluster, cluster.upgrade)
  return { ...former, request: { ...former.request, version, acrRegistryName: before.acrRegistryName } }
}
