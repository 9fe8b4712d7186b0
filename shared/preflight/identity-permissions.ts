import { unlessAbsent } from '../azure/absent.ts'
import { armId, groupAndName } from '../azure/arm-id.ts'
import { grantedTo, isGranted } from '../azure/granted.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { clusterResources } from '../clusters/resources.ts'
import { identityActions } from '../permissions/cluster-identity.ts'
import { featuresOf } from './cluster-features.ts'
import { missingFinding, type Needed } from './missing.ts'
import type { PreflightCheck } from './site.ts'

/** Hopsworks on the machines may do what it will do: without that an installation fails half an hour later. */
export const identityPermissions: PreflightCheck = {
  kind: 'preflight.identity',
  check: 'identity',
  feature: 'preflight',
  permissions: [
    'Microsoft.ManagedIdentity/userAssignedIdentities/read',
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Authorization/roleDefinitions/read',
  ],
  async look({ clients, cluster }) {
    const { identity } = clusterResources(cluster)
    const found = await unlessAbsent(clients.identities.userAssignedIdentities.get(...groupAndName(identity)))
    const { principalId } = found ?? {}
    // That it is missing altogether is the other checks' finding.
    if (!principalId) return []
    const byScope = Map.groupBy(needs(cluster), ({ action }) => scopeOf(cluster, action))
    const lacking = await Promise.all(
      [...byScope].map(async ([scope, actions]) => {
        const granted = await grantedTo(clients, scope, principalId)
        const missing = actions.filter(({ action, data }) => !isGranted(granted, action, data))
        return missingFinding('identity', `The identity ${cluster.request.managedIdentity}`, scope, missing)
      }),
    )
    return lacking.flat()
  },
}

function needs(cluster: Cluster): readonly Needed[] {
  const { actions, dataActions } = identityActions(featuresOf(cluster))
  return [...actions.map((action) => ({ action, data: false })), ...dataActions.map((action) => ({ action, data: true }))]
}

function scopeOf(cluster: Cluster, action: string): string {
  const { subscriptionId, request } = cluster
  const here = (type: string, name: string) => armId(subscriptionId, request.resourceGroup, type, name)
  if (/^Microsoft\.ContainerRegistry\//i.test(action)) return here('Microsoft.ContainerRegistry/registries', request.acrRegistryName)
  if (/^Microsoft\.ContainerService\//i.test(action)) return here('Microsoft.ContainerService/managedClusters', request.aksClusterName)
  return clusterResources(cluster).storageAccount
}
