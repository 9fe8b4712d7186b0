/** Group ids count as resources of this type, after which RBAC names its actions. */
export const RESOURCE_GROUP_TYPE = 'Microsoft.Resources/subscriptions/resourceGroups'

/**
 * A parsed ARM id of a resource group, or of a resource in one:
 * `/subscriptions/{s}/resourceGroups/{g}[/providers/{namespace}/{type}/{name}[/{type}/{name}…]]`.
 */
export interface ResourceId {
  /** The whole id, with `subscriptions`, `resourceGroups` and `providers` in canonical spelling. */
  readonly id: string
  readonly subscriptionId: string
  readonly resourceGroup: string
  readonly namespace: string
  /** `Microsoft.Network/virtualNetworks/subnets` */
  readonly type: string
  /** Outermost first: `['vnet', 'subnet']`. */
  readonly names: readonly string[]
  /** The last of the names. */
  readonly name: string
  /** Id of the resource that this one lies in, for nested types. */
  readonly parentId: string | undefined
}

/** Undefined when `text` is not the id of a resource group or of a resource in one. */
export function parseResourceId(text: string): ResourceId | undefined {
  const [blank, subscriptions, subscriptionId, groups, resourceGroup, providers, namespace, ...rest] = text.split('/')
  if (blank !== '' || subscriptions?.toLowerCase() !== 'subscriptions' || groups?.toLowerCase() !== 'resourcegroups') return undefined
  if (!subscriptionId || !resourceGroup) return undefined
  const groupId = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`
  if (providers === undefined)
    return {
      id: groupId,
      subscriptionId,
      resourceGroup,
      namespace: 'Microsoft.Resources',
      type: RESOURCE_GROUP_TYPE,
      names: [resourceGroup],
      name: resourceGroup,
      parentId: undefined,
    }
  if (!namespace || providers.toLowerCase() !== 'providers') return undefined
  if (rest.length === 0 || rest.length % 2 === 1 || rest.some((part) => part === '')) return undefined
  const types = rest.filter((_, index) => index % 2 === 0)
  const names = rest.filter((_, index) => index % 2 === 1)
  const prefix = `${groupId}/providers/${namespace}`
  return {
    id: `${prefix}/${rest.join('/')}`,
    subscriptionId,
    resourceGroup,
    namespace,
    type: `${namespace}/${types.join('/')}`,
    names,
    name: names.at(-1) ?? '',
    parentId: rest.length > 2 ? `${prefix}/${rest.slice(0, -2).join('/')}` : undefined,
  }
}

/** Ids are compared without regard to case. */
export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** Whether `id` is `scope` itself or lies under it. */
export function isWithin(id: string, scope: string): boolean {
  const inner = id.toLowerCase()
  const outer = scope.toLowerCase().replace(/\/$/, '')
  return inner === outer || inner.startsWith(`${outer}/`)
}
