import { armId, nameOf, parseArmId } from '../azure/arm-id.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { isHead } from '../clusters/node.ts'
import { planImageCheck } from '../clusters/plan-creation.ts'
import type { PlanStep } from '../clusters/plan-step.ts'
import { clusterResources } from '../clusters/resources.ts'
import { type Plan, parallel } from '../operations/plan.ts'
import { identityActions } from '../permissions/cluster-identity.ts'
import { isNeeded } from '../permissions/features.ts'
import { scopeOfAction } from '../preflight/action-scope.ts'
import { featuresOf } from '../preflight/cluster-features.ts'
import type { VersionImage } from '../versions/entry.ts'
import { checkHeadQuota, checkIdentityRole, checkOwnRole, checkRegistry } from './steps/preflight.ts'

export interface Preflight {
  /** Every action that the rest of the plan uses. */
  readonly permissions: readonly string[]
  /** What the machines of the new version are made from. */
  readonly image?: VersionImage
  /** Name of the container registry that the new version will use; empty: none. */
  readonly registry: string
}

/** What would stop an upgrade half-way is found out while the cluster still runs. */
export function planPreflight(step: PlanStep, cluster: Cluster, { permissions: listed, image, registry }: Preflight): Plan {
  const features = new Set([...featuresOf(cluster), 'upgrade' as const])
  const permissions = listed.filter((action) => isNeeded(features, 'actions', action))
  const byScope = Map.groupBy(permissions, (action) => scopeOfAction(cluster, action))
  const { request, nodes, subscriptionId } = cluster
  const { identity, storageAccount } = clusterResources(cluster)
  const registryId = armId(subscriptionId, request.resourceGroup, 'Microsoft.ContainerRegistry/registries', registry)
  return parallel(
    'preflight',
    ...[...byScope].map(([scope, actions]) => step(checkOwnRole, labelOf(scope), { scope, actions })),
    step(checkIdentityRole, 'storage', { identity, scope: storageAccount, ...identityActions(new Set()) }),
    ...planImageCheck(step, image),
    ...nodes.filter(isHead).map((head) => step(checkHeadQuota, 'head', { location: request.location, size: head.instanceType })),
    ...(registry === ''
      ? []
      : [
          step(checkRegistry, 'registry', { id: registryId }),
          step(checkIdentityRole, 'registry', { identity, scope: registryId, actions: registryActions, dataActions: [] }),
        ]),
  )
}

/** Not by the name alone: things of several kinds can have the same. */
const labelOf = (scope: string): string => `${nameOf(parseArmId(scope).type)} ${nameOf(scope)}`

const registryActions = identityActions(new Set(['acr'] as const)).actions.filter((action) =>
  action.startsWith('Microsoft.ContainerRegistry/'),
)
