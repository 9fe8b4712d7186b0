import { nameOf } from '../azure/arm-id.ts'
import { azureStep } from '../azure/azure-step.ts'
import { disk } from '../azure/disk.ts'
import { networkInterface } from '../azure/network-interface.ts'
import { virtualMachine } from '../azure/virtual-machine.ts'
import { updateCluster } from '../clusters/cluster-store.ts'
import { nodeResources } from '../clusters/resources.ts'
import { removal } from '../clusters/steps/removal.ts'
import { worldOf } from '../clusters/steps/world.ts'
import type { AnyStepKind } from '../operations/kinds.ts'
import { done } from '../operations/outcome.ts'
import type { StepKind } from '../operations/step.ts'
import { decommissionWorkers } from './decommission.ts'

interface LeavingArgs {
  /** ARM ids of the machines among which they are. */
  readonly machines: readonly string[]
}

/** The machines of the workers that have been chosen, and all that belongs to them; then the cluster knows them no more. */
export const removeLeavingWorkers: StepKind<LeavingArgs> = azureStep({
  kind: 'workers.remove',
  permissions: [virtualMachine, networkInterface, disk].flatMap((kind) => kind.permissions.remove),
  seconds: 55,
  describe: ({ machines }) => ({ title: `remove what is out of service of ${machines.map(nameOf).join(', ')}`, touches: machines }),
  async begin(context) {
    const { cluster, clients } = await worldOf(context)
    const leaving = cluster.nodes.filter((node) => node.leaving)
    const resources = leaving.map((node) => nodeResources(cluster, node))
    const disks = resources.flatMap(({ osDisk, dataDisk }) => (dataDisk ? [osDisk, dataDisk] : [osDisk]))
    const machines = await removal(
      context,
      clients,
      resources.map((of) => of.virtualMachine),
      disks,
    )
    if (machines.state !== 'done') return machines
    const rest = await removal(context, clients, [...resources.map((of) => of.networkInterface), ...disks])
    if (rest.state !== 'done') return rest
    const gone = new Set(leaving.map(({ id }) => id))
    await updateCluster(context.services, cluster.id, (current) => ({ ...current, nodes: current.nodes.filter(({ id }) => !gone.has(id)) }))
    return done()
  },
})

/** All that plans of workers are made of, besides the steps of clusters. */
export const workerSteps: readonly AnyStepKind[] = [decommissionWorkers, removeLeavingWorkers]
