import { parseArmId, sameArmId } from '../azure/arm-id.ts'
import { ownGranted } from '../azure/granted.ts'
import { imagePermission } from '../azure/own-image.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { planDeletion } from '../clusters/plan-deletion.ts'
import { planStart } from '../clusters/plan-start.ts'
import { stepPlanner } from '../clusters/plan-step.ts'
import { planStop } from '../clusters/plan-stop.ts'
import { type CheckArgs, checkImage } from '../clusters/steps/checks.ts'
import { type Plan, stepsOf } from '../operations/plan.ts'
import { type AzureUser, neededActions } from '../permissions/control-plane-role.ts'
import { stepKinds } from '../step-kinds.ts'
import { scopeOfAction } from './action-scope.ts'
import { featuresOf } from './cluster-features.ts'
import { missingFinding, type Needed, neededOf } from './missing.ts'
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
    const scoped = needed.map((one) => ({ ...one, scope: scopeOfAction(cluster, one.action) }))
    const byScope = Map.groupBy([...scoped, ...neededAtImages(plan, cluster)], ({ scope }) => scope)
    const found = await Promise.all(
      [...byScope].map(async ([scope, actions]) =>
        missingFinding('permissions', 'The app', scope, actions, await ownGranted(clients, scope)),
      ),
    )
    return found.flat()
  },
}

/** An image of one's own can be anywhere. In another subscription nobody but the check of the image itself can look. */
const neededAtImages = (plan: Plan, { subscriptionId }: Cluster): readonly (Needed & { readonly scope: string })[] =>
  stepsOf(plan)
    .filter(({ kind }) => kind === checkImage.kind)
    .map(({ args }) => (args as unknown as CheckArgs).id)
    .filter((id) => sameArmId(parseArmId(id).subscriptionId, subscriptionId))
    .map((id) => ({ action: imagePermission(id), data: false, scope: id }))

/** What is sure to be asked of the cluster one day: one that can be made and not be removed is worse than none. */
function laterPlans(cluster: Cluster): readonly Plan[] {
  const step = stepPlanner((_kind, seconds) => seconds)
  return [planStop(step, cluster), planStart(step, cluster), planDeletion(step, cluster)]
}

export function usersIn(plans: readonly Plan[]): readonly AzureUser[] {
  const kinds = new Set(plans.flatMap(stepsOf).map(({ kind }) => kind))
  return [...kinds].flatMap((kind) => stepKinds.get(kind) ?? [])
}
