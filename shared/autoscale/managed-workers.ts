import type { Cluster } from '../clusters/cluster.ts'
import { isWorker, type Node } from '../clusters/node.ts'

/** The workers that scale: those of the configured size that were there before. Others stay until somebody removes them (contract §5.3). */
export function managedWorkers({ nodes, autoscale }: Pick<Cluster, 'nodes' | 'autoscale'>): readonly Node[] {
  return nodes.filter((node) => isWorker(node) && !node.leaving && !node.byHand && node.instanceType === autoscale?.instanceType)
}

/** The nodes as another configuration, or none any more, finds them: however they came, they are workers of their size. */
export const asOthers = ({ nodes }: Pick<Cluster, 'nodes'>): readonly Node[] => nodes.map(({ byHand: _, ...node }) => node)
