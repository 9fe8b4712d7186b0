import { type Plan, parallel, sequence } from '../operations/plan.ts'
import type { Cluster } from './cluster.ts'
import { isWorker } from './node.ts'
import { planNode } from './plan-node.ts'
import type { PlanStep } from './plan-step.ts'
import { nodeResources } from './resources.ts'
import { waitForAgent } from './steps/agent.ts'
import { startVirtualMachine } from './steps/machines.ts'
import { readAddresses } from './steps/progress.ts'

/** `formerBoot`: the boot that the agent last told of; only a later one shows that the head has come up again. */
export function planStart(step: PlanStep, cluster: Cluster, formerBoot: string | null): Plan {
  return sequence(
    `start cluster ${cluster.request.name}`,
    parallel(
      'nodes',
      ...cluster.nodes.map((node) =>
        isWorker(node)
          ? planNode(step, cluster, node)
          : step(startVirtualMachine, node.name, { id: nodeResources(cluster, node).virtualMachine }),
      ),
    ),
    step(readAddresses, 'nodes', { state: 'rondb-initializing' }),
    step(waitForAgent, 'head', { formerBoot }),
  )
}
