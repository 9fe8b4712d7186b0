import { type Plan, parallel, sequence } from '../operations/plan.ts'
import type { Cluster } from './cluster.ts'
import { isWorker, type Node } from './node.ts'
import { planNode, planNodeRemoval } from './plan-node.ts'
import type { PlanStep } from './plan-step.ts'
import { nodeResources } from './resources.ts'
import { forgetAgent, waitForAgent } from './steps/agent.ts'
import { deallocateVirtualMachine, startVirtualMachine } from './steps/machines.ts'
import { readAddresses } from './steps/progress.ts'
import { resizeVirtualMachine } from './steps/resize.ts'

/** The machines that were kept start again, workers are made anew, and then the agent has the word. */
export function planStart(step: PlanStep, cluster: Cluster): Plan {
  return sequence(
    `start cluster ${cluster.request.name}`,
    ...planPause(step, cluster),
    step(forgetAgent, 'head', null),
    parallel('nodes', ...cluster.nodes.map((node) => planReturn(step, cluster, node))),
    step(readAddresses, 'nodes', { state: 'rondb-initializing' }),
    step(waitForAgent, 'head', null),
  )
}

/** A machine that a failed start has left running takes another size only once it is deallocated. */
function planPause(step: PlanStep, cluster: Cluster): readonly Plan[] {
  const resized = cluster.failed?.outdated ? cluster.nodes.filter((node) => node.resizedFrom !== undefined) : []
  if (resized.length === 0) return []
  const pause = (node: Node) => step(deallocateVirtualMachine, node.name, { id: nodeResources(cluster, node).virtualMachine })
  return [parallel('sizes', ...resized.map(pause))]
}

function planReturn(step: PlanStep, cluster: Cluster, node: Node): Plan {
  if (!isWorker(node)) return planWaking(step, cluster, node)
  return node.leaving ? planNodeRemoval(step, cluster, node) : planNode(step, cluster, node)
}

function planWaking(step: PlanStep, cluster: Cluster, node: Node): Plan {
  const start = step(startVirtualMachine, node.name, { id: nodeResources(cluster, node).virtualMachine })
  return node.resizedFrom === undefined ? start : sequence(`node ${node.name}`, planResize(step, cluster, node), start)
}

export const planResize = (step: PlanStep, cluster: Cluster, node: Node): Plan =>
  step(resizeVirtualMachine, node.name, { id: nodeResources(cluster, node).virtualMachine, size: node.instanceType })
