import type { Principal } from '../azure.ts'
import type { Resource } from '../resource.ts'
import { etagHeader, page, viewOf } from './answers.ts'
import type { Arm, ArmRequest, ArmResponse } from './arm.ts'
import { authorizationFailed } from './authorization.ts'
import { findResource, requireGroup, resourceGroupNotFound, resourceNotFound } from './existence.ts'
import type { KnownType } from './registry.ts'
import { parseResourceId, RESOURCE_GROUP_TYPE, type ResourceId } from './resource-id.ts'
import type { Target } from './target.ts'

export function readResource({ azure }: Arm, request: ArmRequest, known: KnownType, id: ResourceId): ArmResponse {
  requireGroup(azure, known, id, false)
  const resource = findResource(azure, known, id)
  if (!resource) throw resourceNotFound(known, id)
  // ARM answers HEAD (existence) with 204.
  if (request.method === 'HEAD') return { status: 204 }
  return { status: 200, body: viewOf(azure, known, resource, request.query), headers: etagHeader(known, resource) }
}

export function listResources(arm: Arm, request: ArmRequest, target: Target & { kind: 'collection' }): ArmResponse {
  const { azure } = arm
  const { known, scope, scopeKind } = target
  const group = /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)/i.exec(scope)
  if (group && !azure.resources.get(group[0])) throw resourceGroupNotFound(group[1] ?? '')
  if (scopeKind === 'parent' && !azure.resources.get(scope)) {
    const parent = parseResourceId(scope)
    const parentType = parent && arm.registry.type(parent.type)
    if (parent && parentType) throw resourceNotFound(parentType, parent)
  }
  const resources = azure.resources.ofType(known.type, scope)
  const readable = scopeKind === 'subscription' ? readableOf(arm, request.caller, `${known.type}/read`, scope, resources) : resources
  return {
    status: 200,
    body: page(
      request,
      readable.map((resource) => viewOf(azure, known, resource)),
    ),
  }
}

/** Over a whole subscription the caller sees what his roles let him read; 403 only for one who may read nothing there at all. */
function readableOf({ azure }: Arm, caller: Principal, action: string, scope: string, resources: readonly Resource[]): readonly Resource[] {
  if (azure.allows(caller, action, scope)) return resources
  const readable = resources.filter((resource) => azure.allows(caller, action, resource.id))
  if (readable.length > 0) return readable
  const groups = azure.resources.ofType(RESOURCE_GROUP_TYPE, scope)
  if (groups.some((group) => azure.allows(caller, action, group.id))) return []
  throw authorizationFailed(caller, action, scope)
}
