import { type Plan, parallel, sequence } from '../operations/plan.ts'
import type { Cluster } from './cluster.ts'
import type { PlanStep } from './plan-step.ts'
import { nodeResources } from './resources.ts'
import { forgetAgent, waitForAgent } from './steps/agent.ts'
import { restartVirtualMachine } from './steps/machines.ts'

/** Every machine boots anew and keeps its disks and addresses; then the agent has the word. */
export function planRestart(step: PlanStep, cluster: Cluster): Plan {
  return sequence(
    `restart cluster ${cluster.request.name}`,
    parallel(
      'nodes',
      ...cluster.nodes.map((node) => step(restartVirtualMachine, node.name, { id: nodeResources(cluster, node).virtualMachine })),
    ),
    // Only now: until its machine went down the agent went on calling.
    step(forgetAgent, 'head', null),
    step(waitForAgent, 'head', null),
  )
}
