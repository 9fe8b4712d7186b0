import { type Plan, parallel, sequence } from '../operations/plan.ts'
import { closePorts } from '../ports/steps.ts'
import type { Cluster } from './cluster.ts'
import type { Node } from './node.ts'
import { planNodeRemoval } from './plan-node.ts'
import type { PlanStep } from './plan-step.ts'
import { clusterResources, nodeResources } from './resources.ts'
import { removePublicIpAddress, removeSecurityGroup, removeVirtualNetwork } from './steps/cluster-steps.ts'
import { forgetCluster, removeStrays, verifyGone } from './steps/termination.ts'

/** Until Azure answers 404 for everything that we made. The container with its data and what the user brought stay. */
export function planDeletion(step: PlanStep, cluster: Cluster): Plan {
  const { virtualNetwork, securityGroup, publicIpAddress } = clusterResources(cluster)
  const { ownsVirtualNetwork, ownsSecurityGroup } = cluster.network
  return sequence(
    `delete cluster ${cluster.request.name}`,
    parallel(
      'nodes',
      ...cluster.nodes.map((node) => planNodeRemoval(step, cluster, node)),
      ...(cluster.upgrade ? [step(removeStrays, 'cluster', { besides: cluster.nodes.flatMap((node) => idsOf(cluster, node)) })] : []),
    ),
    parallel(
      'foundations',
      ...(publicIpAddress ? [step(removePublicIpAddress, 'cluster', { id: publicIpAddress })] : []),
      ...(cluster.ruled ? [step(closePorts, 'cluster', { id: securityGroup })] : []),
      ...(ownsSecurityGroup ? [step(removeSecurityGroup, 'cluster', { id: securityGroup })] : []),
      ...(ownsVirtualNetwork ? [step(removeVirtualNetwork, 'cluster', { id: virtualNetwork })] : []),
    ),
    step(verifyGone, 'cluster', null),
    step(forgetCluster, 'cluster', null),
  )
}

const idsOf = (cluster: Cluster, node: Node): readonly string[] => Object.values(nodeResources(cluster, node))
