import type { Call } from '../provider.ts'
import { pollingHeaders } from './answers.ts'
import type { Arm, ArmRequest, ArmResponse } from './arm.ts'
import { checkLinks } from './authorization.ts'
import { beginOperation } from './begin-operation.ts'
import { callOf, requireIdle } from './call.ts'
import { findResource, requireGroup, resourceNotFound } from './existence.ts'
import type { Target } from './target.ts'

/** `POST {id}/{action}` and reads below a resource that are no resources themselves. */
export function actOnResource(arm: Arm, request: ArmRequest, target: Target & { kind: 'action' }, fault: Call['fault']): ArmResponse {
  const { azure } = arm
  const { known, id, name, action } = target
  requireGroup(azure, known, id, action.method !== 'GET')
  const resource = findResource(azure, known, id)
  if (!resource) throw resourceNotFound(known, id)
  const call = callOf(arm, request, { ...id, id: resource.id, name: resource.name }, fault)
  if (action.method !== 'GET') requireIdle(arm, known.definition, call, resource)
  const rbacAction = actionName(target)
  checkLinks(azure, request.caller, rbacAction, resource.id, action.links?.(call, resource) ?? [])

  const acted = action.run(call, resource)
  if (!acted.takes) return { status: acted.status ?? 200, ...(acted.body !== undefined && { body: acted.body }) }
  const operation = beginOperation(
    arm,
    request,
    known,
    resource,
    { verb: 'action', action: name, rbacAction, input: acted.input },
    acted.takes,
  )
  return { status: acted.status ?? 202, headers: pollingHeaders(azure, request, operation) }
}

export function actionName({ known, name, action }: Target & { kind: 'action' }): string {
  return `${known.type}/${name}/${action.method === 'GET' ? 'read' : 'action'}`
}
