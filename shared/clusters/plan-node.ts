import { type Plan, sequence } from '../operations/plan.ts'
import type { Cluster } from './cluster.ts'
import { isHead, type Node } from './node.ts'
import type { PlanStep } from './plan-step.ts'
import { clusterResources, nodeResources } from './resources.ts'
import { createNetworkInterface, removeVirtualMachine } from './steps/cluster-steps.ts'
import { createMachine } from './steps/machines.ts'
import { clearNode } from './steps/removal.ts'

/** A node from nothing to a machine that Azure calls ready. */
export function planNode(step: PlanStep, cluster: Cluster, node: Node): Plan {
  return sequence(`node ${node.name}`, planInterface(step, cluster, node), planMachine(step, cluster, node))
}

export function planMachine(step: PlanStep, cluster: Cluster, node: Node): Plan {
  const { virtualMachine, osDisk, dataDisk } = nodeResources(cluster, node)
  return step(createMachine, node.name, { id: virtualMachine, node: node.name, disks: dataDisk ? [osDisk, dataDisk] : [osDisk] })
}

export function planInterface(step: PlanStep, cluster: Cluster, node: Node): Plan {
  const { subnet, securityGroup, publicIpAddress } = clusterResources(cluster)
  return step(createNetworkInterface, node.name, {
    id: nodeResources(cluster, node).networkInterface,
    model: {
      location: cluster.request.location,
      subnetId: subnet,
      securityGroupId: securityGroup,
      ...(isHead(node) && publicIpAddress && { publicIpAddressId: publicIpAddress }),
    },
  })
}

/** A node's machine and everything that belongs to it alone. */
export function planNodeRemoval(step: PlanStep, cluster: Cluster, node: Node): Plan {
  const { virtualMachine, networkInterface, osDisk, dataDisk } = nodeResources(cluster, node)
  const disks = dataDisk ? [osDisk, dataDisk] : [osDisk]
  return sequence(
    `node ${node.name}`,
    step(removeVirtualMachine, node.name, { id: virtualMachine, disks }),
    step(clearNode, node.name, { node: node.name, ids: [networkInterface, ...disks] }),
  )
}
