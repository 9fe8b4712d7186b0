import { isWithin } from '../arm/resource-id.ts'
import { requireSubscription, SUBSCRIPTIONS, subscriptionNotFound } from '../arm/subscription.ts'
import { effectiveAssignments, ROLE_ASSIGNMENT } from '../authorization/access.ts'
import type { Azure, Principal } from '../azure.ts'
import type { Endpoint } from '../provider.ts'
import type { JsonObject } from '../resource.ts'
import { apiVersions } from './versions.ts'

const SUBSCRIPTION = '/subscriptions/{subscriptionId}'

export const subscriptionEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/tenants',
    apiVersions,
    action: undefined,
    handle: ({ azure: { directory } }) => ({
      body: {
        value: [{ id: `/tenants/${directory.tenantId}`, tenantId: directory.tenantId, displayName: 'Slipway', tenantCategory: 'Home' }],
      },
    }),
  },
  {
    method: 'GET',
    path: '/subscriptions',
    apiVersions,
    action: undefined,
    handle: ({ azure, caller }) => ({
      body: {
        value: azure
          .records(SUBSCRIPTIONS)
          .list()
          .filter(({ key }) => hasRoleIn(azure, caller, `/subscriptions/${key}`))
          .map(({ key }) => view(azure, key)),
      },
    }),
  },
  {
    method: 'GET',
    path: SUBSCRIPTION,
    apiVersions,
    action: undefined,
    handle({ azure, caller, params }) {
      const id = requireSubscription(azure, params.subscriptionId ?? '')
      if (!hasRoleIn(azure, caller, `/subscriptions/${id}`)) throw subscriptionNotFound(id)
      return { body: view(azure, id) }
    },
  },
  {
    method: 'GET',
    path: `${SUBSCRIPTION}/locations`,
    apiVersions,
    action: undefined,
    handle({ azure, params }) {
      const id = requireSubscription(azure, params.subscriptionId ?? '')
      return { body: { value: azure.locations.map((location) => locationView(id, location)) } }
    },
  },
]

/** A subscription is shown to whoever has any role in it, however deep. */
function hasRoleIn(azure: Azure, caller: Principal, scope: string): boolean {
  if (effectiveAssignments(azure, caller.objectId, scope).length > 0) return true
  return azure.resources
    .ofType(ROLE_ASSIGNMENT)
    .some(({ properties }) => properties.principalId === caller.objectId && isWithin(String(properties.scope), scope))
}

function view(azure: Azure, id: string): JsonObject {
  return {
    id: `/subscriptions/${id}`,
    subscriptionId: id,
    tenantId: azure.directory.tenantId,
    displayName: azure.records(SUBSCRIPTIONS).get(id)?.displayName,
    state: 'Enabled',
    authorizationSource: 'RoleBased',
    subscriptionPolicies: { locationPlacementId: 'Public_2014-09-01', quotaId: 'PayAsYouGo_2014-09-01', spendingLimit: 'Off' },
  }
}

function locationView(subscriptionId: string, { name, displayName, geography, zones }: Azure['locations'][number]): JsonObject {
  return {
    id: `/subscriptions/${subscriptionId}/locations/${name}`,
    name,
    type: 'Region',
    displayName,
    regionalDisplayName: `(${geography}) ${displayName}`,
    metadata: { regionType: 'Physical', regionCategory: 'Recommended', geographyGroup: geography },
    availabilityZoneMappings: zones.map((zone) => ({ logicalZone: zone, physicalZone: `${name}-az${zone}` })),
  }
}
