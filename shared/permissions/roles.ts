import { createHash } from 'node:crypto'
import { identityActions } from './cluster-identity.ts'
import { type AzureUser, controlPlaneActions, type FeatureUser } from './control-plane-role.ts'
import { type Feature, usualFeatures } from './features.ts'
import { actionList, type Role } from './role.ts'
import { textsOf } from './role-texts.ts'
import type { RoleQuery, ShownRole } from './wire.ts'

const NO_SUBSCRIPTION = '00000000-0000-0000-0000-000000000000'

const chosen = ({ features = usualFeatures }: RoleQuery): ReadonlySet<Feature> => new Set(features)
const scopesOf = ({ scopes }: RoleQuery, subscriptionId = NO_SUBSCRIPTION) => scopes ?? [`/subscriptions/${subscriptionId}`]

/** A name can be used once in a tenant: a role for other scopes has another one. Azure compares ids without regard to case. */
function digestOf(scopes: readonly string[]): string {
  const unique = new Set(scopes.map((scope) => scope.toLowerCase()))
  return createHash('sha256')
    .update([...unique].sort().join('\n'))
    .digest('hex')
    .slice(0, 8)
}

function shown(role: Role, { principal = '<object id>' }: RoleQuery): ShownRole {
  const named = { ...role, name: `${role.name} ${digestOf(role.scopes)}` }
  return { ...named, ...textsOf(named, principal) }
}

/** One role where whole subscriptions are the scopes; for resource groups a second one holds what only a subscription can give. */
export function controlPlaneRoles(users: readonly (AzureUser | FeatureUser)[], query: RoleQuery, subscriptionId?: string): ShownRole[] {
  const { groups, subscription } = controlPlaneActions(users, chosen(query))
  const scopes = scopesOf(query, subscriptionId)
  const role = { name: 'Slipway control plane', description: 'What Slipway does to create, run and remove clusters.', scopes }
  if (!scopes.some((scope) => /\/resourceGroups\//i.test(scope)))
    return [shown({ ...role, actions: actionList([...groups.actions, ...subscription.actions]), dataActions: groups.dataActions }, query)]
  const wide = {
    name: 'Slipway offers',
    description: 'What Slipway reads of the subscription as a whole: sizes, quotas, providers.',
    ...subscription,
    scopes: [...new Set(scopes.map((scope) => scope.split('/').slice(0, 3).join('/')))],
  }
  return [shown({ ...role, ...groups }, query), ...(subscription.actions.length > 0 ? [shown(wide, query)] : [])]
}

export function identityRoles(query: RoleQuery, subscriptionId?: string): ShownRole[] {
  const role = {
    name: 'Slipway cluster',
    description: 'What Hopsworks does with the identity of the machines of a cluster.',
    ...identityActions(chosen(query)),
    scopes: scopesOf(query, subscriptionId),
  }
  return [shown(role, query)]
}
