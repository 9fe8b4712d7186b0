/** The parts of `/subscriptions/{s}/resourceGroups/{g}/providers/{namespace}/{type}/{name}[/{type}/{name}…]`. */
export interface ArmId {
  readonly subscriptionId: string
  readonly resourceGroup: string
  /** e.g. `Microsoft.Network/virtualNetworks/subnets` */
  readonly type: string
  /** Outermost first: `['vnet', 'default']`. */
  readonly names: readonly string[]
}

export function armId(subscriptionId: string, resourceGroup: string, type: string, ...names: readonly string[]): string {
  const [namespace = '', ...kinds] = type.split('/')
  const path = kinds.map((kind, index) => `${kind}/${names[index] ?? ''}`).join('/')
  return `${groupId(subscriptionId, resourceGroup)}/providers/${namespace}/${path}`
}

export const groupId = (subscriptionId: string, resourceGroup: string): string =>
  `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`

/** ARM ids are compared without regard to case, and Azure answers them in other cases than they were asked in. */
const pattern = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)(?:\/providers\/([^/]+)\/(.+))?$/i

/** Throws on anything that is not the id of a resource group or of a resource in one. */
export function parseArmId(id: string): ArmId {
  const [, subscriptionId = '', resourceGroup = '', namespace, path] = pattern.exec(id) ?? []
  if (!subscriptionId) throw new TypeError(`Not an ARM id: ${id}`)
  if (!namespace || !path) return { subscriptionId, resourceGroup, type: 'Microsoft.Resources/resourceGroups', names: [resourceGroup] }
  const parts = path.split('/')
  return {
    subscriptionId,
    resourceGroup,
    type: [namespace, ...parts.filter((_, index) => index % 2 === 0)].join('/'),
    names: parts.filter((_, index) => index % 2 === 1),
  }
}

/** What the SDK's methods for top-level resources ask for. */
export function groupAndName(id: string): readonly [resourceGroup: string, name: string] {
  const { resourceGroup, names } = parseArmId(id)
  return [resourceGroup, names[0] ?? '']
}

/** The name of the innermost resource. */
export const nameOf = (id: string): string => id.slice(id.lastIndexOf('/') + 1)

export const sameArmId = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
