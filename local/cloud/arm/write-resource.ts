import type { Call, ResourceType, Written } from '../provider.ts'
import type { Json, Resource } from '../resource.ts'
import { etagHeader, pollingHeaders, viewOf } from './answers.ts'
import type { Arm, ArmRequest, ArmResponse } from './arm.ts'
import { ArmError } from './arm-error.ts'
import { checkLinks } from './authorization.ts'
import { beginOperation } from './begin-operation.ts'
import { callOf, methodNotAllowed, requireIdle } from './call.ts'
import { canonicalId, findResource, requireGroup, requireParent, resourceNotFound } from './existence.ts'
import { locationOf } from './location.ts'
import { checkPrecondition } from './precondition.ts'
import type { KnownType } from './registry.ts'
import type { ResourceId } from './resource-id.ts'
import { parseTags } from './tags.ts'

/** PUT and PATCH. */
export function writeResource(arm: Arm, request: ArmRequest, known: KnownType, target: ResourceId, fault: Call['fault']): ArmResponse {
  const { azure } = arm
  const { definition } = known
  const existing = findResource(azure, known, target)
  if (request.method === 'PATCH' && !existing) throw resourceNotFound(known, target)
  requireGroup(azure, known, target, true)
  requireParent(azure, known, target)
  const id = existing
    ? { ...target, ...canonicalId(azure, known, target), id: existing.id, name: existing.name }
    : canonicalId(azure, known, target)
  if (!existing) checkName(definition, id)
  checkPrecondition(request.headers, existing)
  const call = callOf(arm, request, id, fault)
  requireIdle(arm, definition, call, existing)

  const location = locationOf(known, request, existing, id)
  const tags = parseTags(request.body.tags)
  const action = `${known.type}/write`
  checkLinks(azure, request.caller, action, id.id, definition.links?.(call, existing) ?? [])
  const written = request.method === 'PUT' ? put(definition, call, existing) : patch(definition, call, existing)

  const resource = azure.resources.put({
    id: id.id,
    name: id.name,
    type: known.type,
    ...optional('location', written.location ?? location),
    ...optional('tags', written.tags ?? tags ?? (request.method === 'PATCH' ? existing?.tags : undefined)),
    provisioningState: written.takes ? (existing ? 'Updating' : 'Creating') : 'Succeeded',
    properties: written.properties,
    envelope: written.envelope ?? existing?.envelope ?? {},
    hidden: written.hidden ?? existing?.hidden ?? {},
  })
  const body = viewOf(azure, known, resource)
  const status = written.status ?? (existing ? 200 : 201)
  if (!written.takes) return { status, body, headers: etagHeader(known, resource) }

  const operation = beginOperation(
    arm,
    request,
    known,
    resource,
    { verb: 'write', rbacAction: action, input: written.input },
    written.takes,
  )
  const headers = { ...etagHeader(known, resource), ...pollingHeaders(azure, request, operation) }
  // Location alone goes with 202 and no body; with Azure-AsyncOperation the body is the resource, and Location would shadow its final GET.
  if (operation.polling === 'location') return { status: 202, headers }
  const { Location: _, ...asyncHeaders } = headers
  return { status, body, headers: asyncHeaders }
}

function put(definition: ResourceType, call: Call, existing: Resource | undefined): Written {
  if (!definition.write) throw methodNotAllowed(call)
  return definition.write(call, existing)
}

function patch(definition: ResourceType, call: Call, existing: Resource | undefined): Written {
  if (existing && definition.patch) return definition.patch(call, existing)
  if (!existing || !definition.tracked) throw methodNotAllowed(call)
  return { properties: existing.properties }
}

function checkName(definition: ResourceType, id: ResourceId): void {
  if (definition.namePattern?.test(id.name) ?? /^[^<>%&:\\?/#]{1,260}$/.test(id.name)) return
  throw new ArmError(
    400,
    'InvalidResourceName',
    `Resource name ${id.name.slice(0, 260)} is invalid. The name does not follow the naming rules of ${id.type}.`,
  )
}

function optional<K extends string, V extends Json | Readonly<Record<string, string>>>(name: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [key in K]?: V })
}
