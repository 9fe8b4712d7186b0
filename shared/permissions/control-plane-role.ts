import { type Feature, isNeeded } from './features.ts'
import { actionList } from './role.ts'

/** Something of the app that asks Azure, as far as roles need to know it: every step kind is one. */
export interface AzureUser {
  readonly kind: string
  readonly permissions: readonly string[]
  readonly dataPermissions?: readonly string[]
}

/** Something that a feature asks of Azure outside of any plan. */
export interface FeatureUser extends AzureUser {
  readonly feature: Feature
}

export interface Actions {
  readonly actions: readonly string[]
  readonly dataActions: readonly string[]
}

/** What the users among the chosen features ask for, and nothing else. */
export function neededActions(users: readonly (AzureUser | FeatureUser)[], chosen: ReadonlySet<Feature>): Actions {
  const asking = users.filter((user) => ('feature' in user ? chosen.has(user.feature) : isNeeded(chosen, 'steps', user.kind)))
  const needed = (actions: readonly string[]) => actions.filter((action) => isNeeded(chosen, 'actions', action))
  return {
    actions: actionList(asking.flatMap((user) => needed(user.permissions))),
    dataActions: actionList(asking.flatMap((user) => needed(user.dataPermissions ?? []))),
  }
}

export interface ControlPlaneRoles {
  readonly groups: Actions
  readonly subscription: Actions
}

/** What belongs to the subscription and cannot be given in a resource group. */
const subscriptionWide = /^Microsoft\.(?:(?:Compute\/(?:skus|locations)|Resources\/subscriptions\/providers)\/|\w+\/register\/)/i

/** What the app needs where its clusters are, and what in the subscription as a whole. */
export function controlPlaneActions(users: readonly (AzureUser | FeatureUser)[], chosen: ReadonlySet<Feature>): ControlPlaneRoles {
  const { actions, dataActions } = neededActions(users, chosen)
  return {
    groups: { actions: actions.filter((action) => !subscriptionWide.test(action)), dataActions },
    subscription: { actions: actions.filter((action) => subscriptionWide.test(action)), dataActions: [] },
  }
}
