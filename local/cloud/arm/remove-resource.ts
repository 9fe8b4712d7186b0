import type { Call } from '../provider.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { pollingHeaders } from './answers.ts'
import type { Arm, ArmRequest, ArmResponse } from './arm.ts'
import { beginOperation } from './begin-operation.ts'
import { callOf, methodNotAllowed, requireIdle } from './call.ts'
import { findResource, requireGroup } from './existence.ts'
import { checkPrecondition } from './precondition.ts'
import type { KnownType } from './registry.ts'
import { parseResourceId, type ResourceId } from './resource-id.ts'

/** DELETE: 204 for what is not there, 202 when it takes time, 200 at once. */
export function removeResource(arm: Arm, request: ArmRequest, known: KnownType, target: ResourceId, fault: Call['fault']): ArmResponse {
  const { azure } = arm
  requireGroup(azure, known, target, false)
  if (!known.definition.remove) throw methodNotAllowed({ method: request.method, id: target })
  const existing = findResource(azure, known, target)
  if (!existing) return { status: 204 }
  const already = arm.operations.running(existing.id).find((operation) => operation.verb === 'remove')
  if (already) return { status: 202, headers: pollingHeaders(azure, request, already) }
  checkPrecondition(request.headers, existing)
  const call = callOf(arm, request, { ...target, id: existing.id, name: existing.name }, fault)
  requireIdle(arm, known.definition, call, existing)

  const { takes, input = {} } = known.definition.remove(call, existing)
  if (!takes) {
    dropResource(arm, existing, input)
    return { status: 200 }
  }
  azure.resources.put({ ...existing, provisioningState: 'Deleting' })
  const operation = beginOperation(arm, request, known, existing, { verb: 'remove', rbacAction: `${known.type}/delete`, input }, takes)
  return { status: 202, headers: pollingHeaders(azure, request, operation) }
}

/** Lets each nested resource let go of others, innermost last made first, then removes them all; what still ran on them is cancelled. */
export function dropResource(arm: Arm, resource: Resource, input: JsonObject): void {
  const { azure } = arm
  for (const nested of azure.resources.under(resource.id).reverse()) finishRemove(arm, nested, {})
  finishRemove(arm, resource, input)
  azure.resources.delete(resource.id)
  for (const operation of arm.operations.running(resource.id, { nested: true }))
    if (operation.verb !== 'remove') arm.operations.end(operation.id, { status: 'Canceled' })
    else if (operation.resourceId.toLowerCase() !== resource.id.toLowerCase()) arm.operations.end(operation.id, { status: 'Succeeded' })
}

function finishRemove({ azure, registry }: Arm, resource: Resource, input: JsonObject): void {
  const type = parseResourceId(resource.id)?.type
  if (type) registry.type(type)?.definition.finishRemove?.(azure, resource, input)
}
