import { watchLoad } from '../autoscale/steps.ts'
import { type Plan, parallel, sequence } from '../operations/plan.ts'
import type { VersionImage } from '../versions/entry.ts'
import type { Cluster } from './cluster.ts'
import { isHead } from './node.ts'
import { inboundRules } from './open-ports.ts'
import { planInterface, planMachine, planNode } from './plan-node.ts'
import type { PlanStep } from './plan-step.ts'
import { clusterResources } from './resources.ts'
import { waitForAgent } from './steps/agent.ts'
import {
  checkContainer,
  checkIdentity,
  checkImage,
  checkKubernetes,
  checkRegistry,
  checkResourceGroup,
  checkSecurityGroup,
  checkSshPublicKey,
  checkStorageAccount,
  checkSubnet,
  checkVirtualNetwork,
  createBlobContainer,
} from './steps/checks.ts'
import { createPublicIpAddress, createSecurityGroup, createVirtualNetwork } from './steps/cluster-steps.ts'
import { enterClusterState, readAddresses } from './steps/progress.ts'

/** Addresses of a network that is ours alone: nothing else is in it to collide with. */
export const NETWORK_PREFIX = '10.0.0.0/16'
const SUBNET_PREFIX = '10.0.0.0/17'

/**
 * From nothing to a cluster whose agent says that it is ready. Everything that Azure lets run side by side does.
 * `image`: what its machines will be made from.
 */
export function planCreation(step: PlanStep, cluster: Cluster, image?: VersionImage): Plan {
  const { container } = clusterResources(cluster)
  const [heads, others] = [cluster.nodes.filter(isHead), cluster.nodes.filter((node) => !isHead(node))]
  return sequence(
    `create cluster ${cluster.request.name}`,
    planChecks(step, cluster, step(checkContainer, 'cluster', { id: container }), ...planImageCheck(step, image)),
    planFoundations(step, cluster, step(createBlobContainer, 'cluster', { id: container })),
    // Alone: among many nodes the head's machine, on which the cluster waits longest, would be asked for late.
    ...heads.map((head) => planInterface(step, cluster, head)),
    parallel('nodes', ...heads.map((head) => planMachine(step, cluster, head)), ...others.map((node) => planNode(step, cluster, node))),
    step(readAddresses, 'nodes', { state: 'rondb-initializing' }),
    step(waitForAgent, 'head', null),
    ...(cluster.autoscale ? [step(watchLoad, 'cluster', null)] : []),
  )
}

/** What the user brings is looked at before anything is made. `container`: what must hold of the container. */
export function planChecks(step: PlanStep, cluster: Cluster, container: Plan, ...others: readonly Plan[]): Plan {
  const resources = clusterResources(cluster)
  const { ownsVirtualNetwork, ownsSecurityGroup } = cluster.network
  return parallel(
    'check what is given',
    step(checkResourceGroup, 'cluster', { id: resources.resourceGroup }),
    step(checkSshPublicKey, 'cluster', { id: resources.sshPublicKey }),
    step(checkIdentity, 'cluster', { id: resources.identity }),
    sequence('storage', step(checkStorageAccount, 'cluster', { id: resources.storageAccount }), container),
    ...(ownsVirtualNetwork
      ? []
      : [
          sequence(
            'network',
            step(checkVirtualNetwork, 'cluster', { id: resources.virtualNetwork }),
            step(checkSubnet, 'cluster', { id: resources.subnet }),
          ),
        ]),
    ...(ownsSecurityGroup ? [] : [step(checkSecurityGroup, 'cluster', { id: resources.securityGroup })]),
    ...(resources.registry ? [step(checkRegistry, 'cluster', { id: resources.registry })] : []),
    ...(resources.kubernetes ? [step(checkKubernetes, 'cluster', { id: resources.kubernetes })] : []),
    ...others,
  )
}

/** Azure lets everybody use the marketplace's images, and there is no resource that is called the latest version. */
export const planImageCheck = (step: PlanStep, image: VersionImage | undefined): readonly Plan[] =>
  image?.id === undefined ? [] : [step(checkImage, 'cluster', { id: image.id.replace(/\/versions\/latest$/i, '') })]

/** What all nodes stand on. `others`: what is made beside. */
export function planFoundations(step: PlanStep, cluster: Cluster, ...others: readonly Plan[]): Plan {
  const { location } = cluster.request
  const { virtualNetwork, securityGroup, publicIpAddress } = clusterResources(cluster)
  const { ownsVirtualNetwork, ownsSecurityGroup, subnet } = cluster.network
  return parallel(
    'foundations',
    step(enterClusterState, 'initializing', { state: 'initializing' }),
    ...others,
    ...(ownsVirtualNetwork
      ? [
          step(createVirtualNetwork, 'cluster', {
            id: virtualNetwork,
            model: { location, prefix: NETWORK_PREFIX, subnet: { name: subnet, prefix: SUBNET_PREFIX } },
          }),
        ]
      : []),
    ...(ownsSecurityGroup
      ? [step(createSecurityGroup, 'cluster', { id: securityGroup, model: { location, inbound: inboundRules(cluster.ports) } })]
      : []),
    ...(publicIpAddress ? [step(createPublicIpAddress, 'cluster', { id: publicIpAddress, model: { location } })] : []),
  )
}
