import { groupId } from '../azure/arm-id.ts'
import { isGranted, ownGranted } from '../azure/granted.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { clusterResources } from '../clusters/resources.ts'
import { stepsOf } from '../operations/plan.ts'
import { neededActions } from '../permissions/control-plane-role.ts'
import { stepKinds } from '../step-kinds.ts'
import { featuresOf } from './cluster-features.ts'
import { missingFinding, type Needed } from './missing.ts'
import type { PreflightCheck, Site } from './site.ts'

/** Where an action will be asked for: on what the user brings, else in the group where the cluster's resources are made. */
function scopeOf(cluster: Cluster, action: string): string {
  const { subscriptionId, request, network } = cluster
  if (/^Microsoft\.Network\/(virtualNetworks|networkSecurityGroups)\//i.test(action)) return groupId(subscriptionId, network.resourceGroup)
  const given = clusterResources(cluster)
  if (/^Microsoft\.Storage\//i.test(action)) return given.storageAccount
  if (/^Microsoft\.ManagedIdentity\//i.test(action)) return given.identity
  if (/^Microsoft\.Compute\/sshPublicKeys\//i.test(action)) return given.sshPublicKey
  return groupId(subscriptionId, request.resourceGroup)
}

/** Every action that the plan will use, by the step kinds' own word, is given to the app where it will be asked for. */
export const ownPermissions: PreflightCheck = {
  kind: 'preflight.permissions',
  check: 'permissions',
  feature: 'preflight',
  // Everybody may ask what they may do.
  permissions: [],
  async look(site) {
    const needed = Map.groupBy(needs(site), ({ action }) => scopeOf(site.cluster, action).toLowerCase())
    const found = await Promise.all(
      [...needed.values()].map(async (actions) => {
        const scope = scopeOf(site.cluster, actions[0]?.action ?? '')
        const granted = await ownGranted(site.clients, scope)
        return missingFinding(
          'permissions',
          'The app',
          scope,
          actions.filter(({ action, data }) => !isGranted(granted, action, data)),
        )
      }),
    )
    return found.flat()
  },
}

function needs({ cluster, plan }: Site): readonly Needed[] {
  const users = [...new Set(stepsOf(plan).map(({ kind }) => kind))].flatMap((kind) => stepKinds.get(kind) ?? [])
  const { actions, dataActions } = neededActions(users, featuresOf(cluster))
  return [...actions.map((action) => ({ action, data: false })), ...dataActions.map((action) => ({ action, data: true }))]
}
