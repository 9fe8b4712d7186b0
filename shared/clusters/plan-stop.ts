import { type Plan, parallel } from '../operations/plan.ts'
import type { Cluster } from './cluster.ts'
import { isWorker } from './node.ts'
import { planNodeRemoval } from './plan-node.ts'
import type { PlanStep } from './plan-step.ts'
import { nodeResources } from './resources.ts'
import { deallocateVirtualMachine } from './steps/machines.ts'

/** Workers hold nothing and go; the other machines keep their disks and cost no computing time. */
export function planStop(step: PlanStep, cluster: Cluster): Plan {
  return parallel(
    `stop cluster ${cluster.request.name}`,
    ...cluster.nodes.map((node) =>
      isWorker(node)
        ? planNodeRemoval(step, cluster, node)
        : step(deallocateVirtualMachine, node.name, { id: nodeResources(cluster, node).virtualMachine }),
    ),
  )
}
