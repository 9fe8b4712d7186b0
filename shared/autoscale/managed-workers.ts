import type { Cluster } from '../clusters/cluster.ts'
import { isWorker, type Node } from '../clusters/node.ts'

/** The workers that scale: those of the configured size. Others stay until somebody removes them (contract §5.3). */
export function managedWorkers({ nodes, autoscale }: Pick<Cluster, 'nodes' | 'autoscale'>): readonly Node[] {
  return nodes.filter((node) => isWorker(node) && !node.leaving && node.instanceType === autoscale?.instanceType)
}
