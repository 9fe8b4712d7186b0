import { nameOf } from '../../azure/arm-id.ts'
import { azureStep } from '../../azure/azure-step.ts'
import { privateAddresses } from '../../azure/network-interface.ts'
import { publicAddress } from '../../azure/public-ip-address.ts'
import type { StepContext } from '../../operations/context.ts'
import { done } from '../../operations/outcome.ts'
import type { StepKind } from '../../operations/step.ts'
import type { ClusterState } from '../cluster-state.ts'
import { updateCluster } from '../cluster-store.ts'
import { clusterResources, nodeResources } from '../resources.ts'
import { worldOf } from './world.ts'

/** Shows a state to those who wait, as long as the operation is the cluster's active one: another may have taken over meanwhile. */
export async function enterState({ services, subjectId: clusterId, operationId }: StepContext, state: ClusterState): Promise<void> {
  await updateCluster(services, clusterId, (cluster) =>
    cluster.activeOperation?.id === operationId && cluster.state !== state ? { ...cluster, state, stage: state } : undefined,
  )
}

interface EnterArgs {
  readonly state: ClusterState
}

export const enterClusterState: StepKind<EnterArgs> = {
  kind: 'cluster.enter',
  permissions: [],
  seconds: 0,
  describe: ({ state }) => ({ title: `show the cluster as ${state}`, touches: [] }),
  async begin(context, { state }) {
    await enterState(context, state)
    return done()
  },
}

/** Reads which addresses Azure gave to the nodes and shows them with the cluster. */
export const readAddresses: StepKind<EnterArgs> = azureStep({
  kind: 'cluster.addresses',
  permissions: ['Microsoft.Network/networkInterfaces/read', 'Microsoft.Network/publicIPAddresses/read'],
  seconds: 0,
  describe: () => ({ title: "read the nodes' addresses", touches: [] }),
  async begin(context, { state }) {
    const { cluster, clients } = await worldOf(context)
    const { publicIpAddress } = clusterResources(cluster)
    const [addresses, publicIp] = await Promise.all([
      privateAddresses(clients, cluster.request.resourceGroup),
      publicIpAddress && publicAddress(clients, publicIpAddress),
    ])
    await updateCluster(context.services, cluster.id, (current) => ({
      ...current,
      ...(publicIp && { publicIp }),
      nodes: current.nodes.map((node) => {
        const privateIp = addresses.get(nameOf(nodeResources(current, node).networkInterface).toLowerCase())
        return { ...node, ...(privateIp && { privateIp }) }
      }),
    }))
    await enterState(context, state)
    return done()
  },
  // Machines that are made after all can have others.
  undo: async () => done(),
})
