import type { Action } from '../provider.ts'
import { ArmError } from './arm-error.ts'
import type { KnownType, Registry } from './registry.ts'
import { parseResourceId, RESOURCE_GROUP_TYPE, type ResourceId } from './resource-id.ts'

/** What a request's path is about. */
export type Target =
  | { kind: 'resource'; known: KnownType; id: ResourceId }
  | { kind: 'action'; known: KnownType; id: ResourceId; name: string; action: Action }
  /** All resources of a type in a subscription, a group or a parent resource. */
  | { kind: 'collection'; known: KnownType; scope: string; scopeKind: 'subscription' | 'group' | 'parent' }

/** Throws Azure's 404 for namespaces and types that do not exist; undefined for paths of no known shape. */
export function parseTarget(registry: Registry, method: string, path: string): Target | undefined {
  const groups = /^\/subscriptions\/([^/]+)\/resourcegroups$/i.exec(path)
  if (groups) return collection(registry, RESOURCE_GROUP_TYPE, `/subscriptions/${groups[1]}`, 'subscription')

  const inScope = /^(\/subscriptions\/[^/]+(\/resourcegroups\/[^/]+)?)\/providers\/([^/]+)\/([^/]+)$/i.exec(path)
  if (inScope) return collection(registry, `${inScope[3]}/${inScope[4]}`, inScope[1] ?? '', inScope[2] ? 'group' : 'subscription')

  const id = parseResourceId(path)
  if (id) return { kind: 'resource', known: knownType(registry, id.type), id }

  const cut = path.lastIndexOf('/')
  const owner = parseResourceId(path.slice(0, cut))
  if (!owner || owner.type === RESOURCE_GROUP_TYPE) return undefined
  const last = path.slice(cut + 1)
  const known = knownType(registry, owner.type)
  if ((method === 'GET' || method === 'HEAD') && registry.type(`${owner.type}/${last}`))
    return collection(registry, `${owner.type}/${last}`, owner.id, 'parent')
  for (const [name, action] of Object.entries(known.definition.actions ?? {}))
    if (name.toLowerCase() === last.toLowerCase() && (action.method ?? 'POST') === method)
      return { kind: 'action', known, id: owner, name, action }
  return undefined
}

function collection(registry: Registry, type: string, scope: string, scopeKind: 'subscription' | 'group' | 'parent'): Target {
  return { kind: 'collection', known: knownType(registry, type), scope, scopeKind }
}

function knownType(registry: Registry, fullType: string): KnownType {
  const known = registry.type(fullType)
  if (known) return known
  const slash = fullType.indexOf('/')
  const namespace = fullType.slice(0, slash)
  const provider = registry.provider(namespace)
  if (!provider) throw new ArmError(404, 'InvalidResourceNamespace', `The resource namespace '${namespace}' is invalid.`)
  throw new ArmError(
    404,
    'InvalidResourceType',
    `The resource type '${fullType.slice(slash + 1)}' could not be found in the namespace '${provider.namespace}'.`,
  )
}
