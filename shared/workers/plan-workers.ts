import type { Cluster } from '../clusters/cluster.ts'
import { isWorker, type Node } from '../clusters/node.ts'
import { planNode } from '../clusters/plan-node.ts'
import type { PlanStep } from '../clusters/plan-step.ts'
import { nodeResources } from '../clusters/resources.ts'
import { enterClusterState, readAddresses } from '../clusters/steps/progress.ts'
import { type Plan, parallel, sequence } from '../operations/plan.ts'
import type { Choice } from './choice.ts'
import { decommissionWorkers } from './decommission.ts'
import { removeLeavingWorkers } from './steps.ts'

/** Of the workers that the cluster is to have, those that are not known to be there. */
export const missingWorkers = ({ nodes }: Cluster): readonly Node[] =>
  nodes.filter((node) => isWorker(node) && !node.privateIp && !node.leaving)

/** `cluster`: with the new workers among its nodes. What an earlier operation has left unmade is made as well. */
export function planAddition(step: PlanStep, cluster: Cluster): Plan {
  const workers = missingWorkers(cluster)
  return sequence(
    `add ${counted(workers.length)} to cluster ${cluster.request.name}`,
    step(enterClusterState, 'making', { state: 'worker-initializing' }),
    parallel('workers', ...workers.map((node) => planNode(step, cluster, node))),
    step(readAddresses, 'workers', { state: 'worker-starting' }),
  )
}

/** Gracefully: what runs on the workers moves on before their machines go. */
export function planRemoval(step: PlanStep, cluster: Cluster, choice: Choice): Plan {
  const machines = cluster.nodes
    .filter(({ name }) => choice.candidates.includes(name))
    .map((node) => nodeResources(cluster, node).virtualMachine)
  return sequence(
    `remove ${counted(choice.count)} from cluster ${cluster.request.name}`,
    step(decommissionWorkers, 'workers', choice),
    step(enterClusterState, 'removing', { state: 'worker-shutting-down' }),
    step(removeLeavingWorkers, 'workers', { machines }),
  )
}

const counted = (count: number): string => (count === 1 ? '1 worker' : `${count} workers`)
