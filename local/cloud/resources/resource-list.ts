import { page } from '../arm/answers.ts'
import { ArmError } from '../arm/arm-error.ts'
import { resourceGroupNotFound } from '../arm/existence.ts'
import { parseResourceId, RESOURCE_GROUP_TYPE } from '../arm/resource-id.ts'
import { requireSubscription } from '../arm/subscription.ts'
import type { Endpoint, EndpointCall, Provider } from '../provider.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { apiVersions } from './versions.ts'

/** All tracked resources of a subscription or group, by tag, type, group or name; each only where the caller may read it. */
export function resourceListEndpoints(all: () => readonly Provider[]): readonly Endpoint[] {
  const tracked = () =>
    new Set(
      all().flatMap(({ namespace, resourceTypes }) =>
        resourceTypes.filter((type) => type.tracked).map(({ type }) => `${namespace}/${type}`.toLowerCase()),
      ),
    )
  const list = (call: EndpointCall, scope: string) => {
    const { azure, caller, query } = call
    const types = tracked()
    const fits = parseFilter(query.get('$filter'))
    const found = azure.resources
      .under(scope)
      .filter((resource) => resource.type !== RESOURCE_GROUP_TYPE && types.has(resource.type.toLowerCase()))
      .filter((resource) => fits(resource) && azure.allows(caller, `${resource.type}/read`, resource.id))
    return { body: page(call, found.map(view)) }
  }
  return [
    {
      method: 'GET',
      path: '/subscriptions/{subscriptionId}/resources',
      apiVersions,
      action: undefined,
      handle: (call) => list(call, `/subscriptions/${requireSubscription(call.azure, call.params.subscriptionId ?? '')}`),
    },
    {
      method: 'GET',
      path: '/subscriptions/{subscriptionId}/resourceGroups/{group}/resources',
      apiVersions,
      action: 'Microsoft.Resources/subscriptions/resourceGroups/read',
      handle(call) {
        const scope = `/subscriptions/${call.params.subscriptionId}/resourceGroups/${call.params.group}`
        if (!call.azure.resources.get(scope)) throw resourceGroupNotFound(call.params.group ?? '')
        return list(call, scope)
      },
    },
  ]
}

/** Terms `{member} eq '{value}'` joined by `and`. Tag names and values, as Azure does, cannot be mixed with other members. */
export function parseFilter(filter: string | null): (resource: Resource) => boolean {
  const terms = new Map<string, string>()
  for (const term of (filter ?? '').split(/\s+and\s+/i)) {
    if (term.trim() === '') continue
    const equal = /^(tagName|tagValue|resourceType|resourceGroup|name|location)\s+eq\s+'((?:[^']|'')*)'$/i.exec(term.trim())
    if (!equal)
      throw new ArmError(400, 'InvalidFilterInQueryString', `Invalid $filter '${filter?.slice(0, 500)}' specified in the query string.`)
    terms.set((equal[1] ?? '').toLowerCase(), (equal[2] ?? '').replaceAll("''", "'"))
  }
  const byTag = terms.has('tagname') || terms.has('tagvalue')
  if (byTag && [...terms.keys()].some((name) => !name.startsWith('tag')))
    throw new ArmError(
      400,
      'InvalidFilterInQueryString',
      `Invalid $filter '${filter?.slice(0, 500)}': tags cannot be combined with other filters.`,
    )

  const same = (name: string, value: string | undefined) =>
    terms.get(name) === undefined || terms.get(name)?.toLowerCase() === value?.toLowerCase()
  return (resource) => {
    if (byTag) {
      // Names of tags are compared without regard to case, values with it.
      const name = terms.get('tagname')?.toLowerCase()
      const value = terms.get('tagvalue')
      return Object.entries(resource.tags ?? {}).some(
        ([key, own]) => (name === undefined || key.toLowerCase() === name) && (value === undefined || own === value),
      )
    }
    return (
      same('resourcetype', resource.type) &&
      same('name', resource.name) &&
      same('location', resource.location) &&
      same('resourcegroup', parseResourceId(resource.id)?.resourceGroup)
    )
  }
}

function view({ id, name, type, location, tags, envelope, createdAt, changedAt, provisioningState }: Resource): JsonObject {
  return {
    id,
    name,
    type,
    location,
    tags,
    ...envelope,
    provisioningState,
    createdTime: new Date(createdAt).toISOString(),
    changedTime: new Date(changedAt).toISOString(),
  }
}
