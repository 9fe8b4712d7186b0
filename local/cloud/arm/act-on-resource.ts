import type { Call } from '../provider.ts'
import { pollingHeaders } from './answers.ts'
import type { Arm, ArmRequest, ArmResponse } from './arm.ts'
import { checkLinks } from './authorization.ts'
import { findResource, requireGroup, resourceNotFound } from './existence.ts'
import type { Target } from './target.ts'
import { callOf, requireIdle } from './write-resource.ts'

/** `POST {id}/{action}` and reads below a resource that are no resources themselves. */
export function actOnResource(arm: Arm, request: ArmRequest, target: Target & { kind: 'action' }, fault: Call['fault']): ArmResponse {
  const { azure, operations } = arm
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
  const operation = operations.begin(
    {
      resourceId: resource.id,
      subscriptionId: id.subscriptionId,
      namespace: known.provider.namespace,
      location: resource.location ?? 'global',
      apiVersion: request.apiVersion,
      verb: 'action',
      action: name,
      polling: known.definition.polling ?? 'azure-async',
      rbacAction,
      input: acted.input ?? {},
    },
    acted.takes,
  )
  return { status: acted.status ?? 202, headers: pollingHeaders(azure, request, operation) }
}

export function actionName({ known, name, action }: Target & { kind: 'action' }): string {
  return `${known.type}/${name}/${action.method === 'GET' ? 'read' : 'action'}`
}
