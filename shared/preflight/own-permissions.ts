import { ownGranted } from '../azure/granted.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { planDeletion } from '../clusters/plan-deletion.ts'
import { planStart } from '../clusters/plan-start.ts'
import { stepPlanner } from '../clusters/plan-step.ts'
import { planStop } from '../clusters/plan-stop.ts'
import { type Plan, stepsOf } from '../operations/plan.ts'
import { type AzureUser, neededActions } from '../permissions/control-plane-role.ts'
import { stepKinds } from '../step-kinds.ts'
import { scopeOfAction } from './action-scope.ts'
import { featuresOf } from './cluster-features.ts'
import { missingFinding, neededOf } from './missing.ts'
import type { PreflightCheck } from './site.ts'

/** Every action that the cluster's life will take, by the step kinds' own word, is given to the app where it will be asked for. */
export const ownPermissions: PreflightCheck = {
  kind: 'preflight.permissions',
  check: 'permissions',
  feature: 'preflight',
  // Everybody may ask what they may do.
  permissions: [],
  async look({ clients, cluster, plan }) {
    const needed = neededOf(neededActions(usersIn([plan, ...laterPlans(cluster)]), featuresOf(cluster)))
    const byScope = Map.groupBy(needed, ({ action }) => scopeOfAction(cluster, action))
    const found = await Promise.all(
      [...byScope].map(async ([scope, actions]) =>
        missingFinding('permissions', 'The app', scope, actions, await ownGranted(clients, scope)),
      ),
    )
    return found.flat()
  },
}

/** What is sure to be asked of the cluster one day: one that can be made and not be removed is worse than none. */
function laterPlans(cluster: Cluster): readonly Plan[] {
  const step = stepPlanner((_kind, seconds) => seconds)
  return [planStop(step, cluster), planStart(step, cluster), planDeletion(step, cluster)]
}

export function usersIn(plans: readonly Plan[]): readonly AzureUser[] {
  const kinds = new Set(plans.flatMap(stepsOf).map(({ kind }) => kind))
  return [...kinds].flatMap((kind) => stepKinds.get(kind) ?? [])
}
