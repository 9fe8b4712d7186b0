import type { Cluster } from '../clusters/cluster.ts'
import { isWorker } from '../clusters/node.ts'
import { planNodeRemoval } from '../clusters/plan-node.ts'
import type { PlanStep } from '../clusters/plan-step.ts'
import { clusterResources } from '../clusters/resources.ts'
import { removeVirtualMachine } from '../clusters/steps/cluster-steps.ts'
import { deallocateVirtualMachine } from '../clusters/steps/machines.ts'
import { clearNode } from '../clusters/steps/removal.ts'
import { type Plan, parallel, sequence } from '../operations/plan.ts'
import { removeDisk, removeSnapshot, swapDataDisk } from './steps/disks.ts'
import { exposeInterface, moveInterface } from './steps/interfaces.ts'
import type { Upgrade } from './upgrade.ts'
import { type Succession, upgradeResources } from './upgrade-resources.ts'

/** From wherever an upgrade stopped back to the former head on the former disks, all stopped. Each step first looks what there is. */
export function planRollback(step: PlanStep, cluster: Cluster, upgrade: Upgrade): Plan {
  const { head, others, parking } = upgradeResources(cluster, upgrade)
  const { publicIpAddress } = clusterResources(cluster)
  const { node, former, next } = head
  const disks = [next.osDisk, ...(next.dataDisk ? [next.dataDisk] : [])]
  return sequence(
    `roll back cluster ${cluster.request.name} from ${upgrade.to} to ${upgrade.from}`,
    parallel(
      'machines',
      sequence(
        'head',
        step(removeVirtualMachine, 'new head', { id: next.virtualMachine, disks }),
        // It may still run where the upgrade got no further than to stop it.
        step(deallocateVirtualMachine, node.name, { id: former.virtualMachine }),
        step(moveInterface, 'former head', { id: former.virtualMachine, networkInterface: former.networkInterface }),
        ...(publicIpAddress ? [step(exposeInterface, 'former head', { id: former.networkInterface, publicIpAddress })] : []),
        step(clearNode, 'new head', { node: 'the new head', ids: [parking, ...disks] }),
      ),
      ...others.map((other) => planReturn(step, other)),
      ...cluster.nodes.filter(isWorker).map((worker) => planNodeRemoval(step, cluster, worker)),
    ),
    parallel(
      'snapshots',
      ...[head, ...others].flatMap(({ node: { name }, snapshot }) => (snapshot ? [step(removeSnapshot, name, { id: snapshot })] : [])),
    ),
  )
}

function planReturn(step: PlanStep, { node, former, next }: Succession): Plan {
  return sequence(
    `node ${node.name}`,
    step(deallocateVirtualMachine, node.name, { id: former.virtualMachine }),
    ...(former.dataDisk && next.dataDisk
      ? [
          step(swapDataDisk, node.name, { id: former.virtualMachine, disk: former.dataDisk }),
          step(removeDisk, `new ${node.name}`, { id: next.dataDisk }),
        ]
      : []),
  )
}
