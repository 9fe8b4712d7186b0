import { type Plan, parallel, sequence } from '../operations/plan.ts'
import type { Cluster } from './cluster.ts'
import { isWorker, type Node } from './node.ts'
import type { PlanStep } from './plan-step.ts'
import { nodeResources } from './resources.ts'
import { forgetAgent, waitForAgent } from './steps/agent.ts'
import { restartVirtualMachine } from './steps/machines.ts'

/** Workers may be missing where Azure had no room for them. */
const isThere = (node: Node): boolean => !isWorker(node) || node.privateIp !== undefined

/** Every machine boots anew and keeps its disks and addresses; then the agent has the word. */
export function planRestart(step: PlanStep, cluster: Cluster): Plan {
  return sequence(
    `restart cluster ${cluster.request.name}`,
    parallel(
      'nodes',
      ...cluster.nodes
        .filter(isThere)
        .map((node) => step(restartVirtualMachine, node.name, { id: nodeResources(cluster, node).virtualMachine })),
    ),
    // Only now: until its machine went down the agent went on calling.
    step(forgetAgent, 'head', null),
    step(waitForAgent, 'head', null),
  )
}
