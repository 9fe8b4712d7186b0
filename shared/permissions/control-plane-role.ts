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
  /** What it asks belongs to the subscription and cannot be given in a resource group. */
  readonly subscriptionWide?: true
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

/** What the app needs where its clusters are, and what in the subscription as a whole. */
export function controlPlaneActions(users: readonly (AzureUser | FeatureUser)[], chosen: ReadonlySet<Feature>): ControlPlaneRoles {
  const wide = users.filter((user) => 'subscriptionWide' in user && user.subscriptionWide)
  return {
    groups: neededActions(
      users.filter((user) => !wide.includes(user)),
      chosen,
    ),
    subscription: neededActions(wide, chosen),
  }
}
