import { armId } from '../azure/arm-id.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { isHead } from '../clusters/node.ts'
import type { PlanStep } from '../clusters/plan-step.ts'
import { clusterResources } from '../clusters/resources.ts'
import { type Plan, parallel } from '../operations/plan.ts'
import { identityActions } from '../permissions/cluster-identity.ts'
import { isNeeded } from '../permissions/features.ts'
import { featuresOf } from '../preflight/cluster-features.ts'
import { checkHeadQuota, checkIdentityRole, checkOwnRole, checkRegistry } from './steps/preflight.ts'

export interface Preflight {
  /** Every action that the rest of the plan uses. */
  readonly permissions: readonly string[]
  /** Name of the container registry that the new version will use; empty: none. */
  readonly registry: string
}

/** These act on the network, which can be in a group of its own. */
const onNetwork = /^Microsoft\.Network\/(virtualNetworks|networkSecurityGroups)\//i

/** What would stop an upgrade half-way is found out while the cluster still runs. */
export function planPreflight(step: PlanStep, cluster: Cluster, { permissions: listed, registry }: Preflight): Plan {
  const features = new Set([...featuresOf(cluster), 'upgrade' as const])
  const permissions = listed.filter((action) => isNeeded(features, 'actions', action))
  const { request, network, nodes, subscriptionId } = cluster
  const { identity, storageAccount } = clusterResources(cluster)
  const here = network.resourceGroup.toLowerCase() === request.resourceGroup.toLowerCase()
  const elsewhere = here ? [] : permissions.filter((action) => onNetwork.test(action))
  const registryId = armId(subscriptionId, request.resourceGroup, 'Microsoft.ContainerRegistry/registries', registry)
  return parallel(
    'preflight',
    step(checkOwnRole, 'cluster', {
      resourceGroup: request.resourceGroup,
      actions: permissions.filter((action) => !elsewhere.includes(action)),
    }),
    ...(elsewhere.length > 0 ? [step(checkOwnRole, 'network', { resourceGroup: network.resourceGroup, actions: elsewhere })] : []),
    step(checkIdentityRole, 'storage', { identity, scope: storageAccount, ...identityActions(new Set()) }),
    ...nodes.filter(isHead).map((head) => step(checkHeadQuota, 'head', { location: request.location, size: head.instanceType })),
    ...(registry === ''
      ? []
      : [
          step(checkRegistry, 'registry', { id: registryId }),
          step(checkIdentityRole, 'registry', { identity, scope: registryId, actions: registryActions, dataActions: [] }),
        ]),
  )
}

const registryActions = identityActions(new Set(['acr'] as const)).actions.filter((action) =>
  action.startsWith('Microsoft.ContainerRegistry/'),
)
