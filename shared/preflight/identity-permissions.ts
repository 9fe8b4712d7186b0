import { unlessAbsent } from '../azure/absent.ts'
import { groupAndName } from '../azure/arm-id.ts'
import { grantedTo } from '../azure/granted.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { clusterResources } from '../clusters/resources.ts'
import { identityActions } from '../permissions/cluster-identity.ts'
import { featuresOf } from './cluster-features.ts'
import { missingFinding, neededOf } from './missing.ts'
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
    const byScope = Map.groupBy(neededOf(identityActions(featuresOf(cluster))), ({ action }) => scopeOf(cluster, action))
    const who = `The identity ${cluster.request.managedIdentity}`
    const lacking = await Promise.all(
      [...byScope].map(async ([scope, actions]) =>
        missingFinding('identity', who, scope, actions, await grantedTo(clients, scope, principalId)),
      ),
    )
    return lacking.flat()
  },
}

function scopeOf(cluster: Cluster, action: string): string {
  const { registry, kubernetes, storageAccount } = clusterResources(cluster)
  if (registry && /^Microsoft\.ContainerRegistry\//i.test(action)) return registry
  if (kubernetes && /^Microsoft\.ContainerService\//i.test(action)) return kubernetes
  return storageAccount
}
