import { locations, normalLocation } from '../locations.ts'
import type { Call, ResourceType, RunningOperation, Written } from '../provider.ts'
import type { Json, Resource } from '../resource.ts'
import { etagHeader, pollingHeaders, viewOf } from './answers.ts'
import type { Arm, ArmRequest, ArmResponse } from './arm.ts'
import { ArmError } from './arm-error.ts'
import { checkLinks } from './authorization.ts'
import { canonicalId, findResource, requireGroup, requireParent, resourceNotFound } from './existence.ts'
import { checkPrecondition } from './precondition.ts'
import type { KnownType } from './registry.ts'
import { RESOURCE_GROUP_TYPE, type ResourceId } from './resource-id.ts'
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

  const polling = definition.polling ?? 'azure-async'
  const operation = arm.operations.begin(
    {
      resourceId: id.id,
      subscriptionId: id.subscriptionId,
      namespace: known.provider.namespace,
      location: resource.location ?? 'global',
      apiVersion: request.apiVersion,
      verb: 'write',
      polling,
      rbacAction: action,
      input: written.input ?? {},
    },
    written.takes,
  )
  const headers = { ...etagHeader(known, resource), ...pollingHeaders(azure, request, operation) }
  // Location alone goes with 202 and no body; with Azure-AsyncOperation the body is the resource, and Location would shadow its final GET.
  if (polling === 'location') return { status: 202, headers }
  const { Location: _, ...asyncHeaders } = headers
  return { status, body, headers: asyncHeaders }
}

export function callOf(arm: Arm, request: ArmRequest, id: ResourceId, fault: Call['fault']): Call {
  const { method, body, query, apiVersion, caller } = request
  return { azure: arm.azure, method, id, body, query, apiVersion, caller, fault }
}

/** Throws in the provider's own words, or Network's, when something else is under way on the resource. */
export function requireIdle(arm: Arm, definition: ResourceType, call: Call, existing: Resource | undefined): void {
  const running = existing ? arm.operations.running(existing.id) : []
  if (running.length === 0) return
  if (definition.busy) definition.busy(call, running)
  else throw operationInProgress(running)
}

function operationInProgress(running: readonly RunningOperation[]): ArmError {
  const operation = running[0]
  return new ArmError(
    409,
    'AnotherOperationInProgress',
    `Another operation on this or dependent resource is in progress. To retrieve status of the operation use uri: https://management.azure.com/operations/${operation?.id}.`,
  )
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

export function methodNotAllowed(call: { method: string; id: ResourceId }): ArmError {
  return new ArmError(405, 'HttpMethodNotAllowed', `The HTTP method '${call.method}' is not supported at scope '${call.id.id}'.`)
}

function checkName(definition: ResourceType, id: ResourceId): void {
  if (definition.namePattern?.test(id.name) ?? /^[^<>%&:\\?/#]{1,260}$/.test(id.name)) return
  throw new ArmError(
    400,
    'InvalidResourceName',
    `Resource name ${id.name.slice(0, 260)} is invalid. The name does not follow the naming rules of ${id.type}.`,
  )
}

/** A tracked resource stays where it was made. */
function locationOf(known: KnownType, request: ArmRequest, existing: Resource | undefined, id: ResourceId): string | undefined {
  if (!known.definition.tracked || request.method === 'PATCH') return existing?.location
  const given = request.body.location
  if (typeof given !== 'string' || given === '')
    throw new ArmError(400, 'LocationRequired', 'The location property is required for this definition.')
  const location = normalLocation(given)
  const isGroup = known.type === RESOURCE_GROUP_TYPE
  if (location !== 'global' && !locations.some(({ name }) => name === location)) throw noSuchLocation(known, given, isGroup)
  if (existing?.location === undefined || existing.location === location) return location
  if (isGroup)
    throw new ArmError(
      409,
      'InvalidResourceGroupLocation',
      `Invalid resource group location '${location}'. The Resource group already exists in location '${existing.location}'.`,
    )
  throw new ArmError(
    409,
    'InvalidResourceLocation',
    `The resource '${id.name}' already exists in location '${existing.location}' in resource group '${id.resourceGroup}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`,
  )
}

function noSuchLocation(known: KnownType, given: string, isGroup: boolean): ArmError {
  const regions = locations.map(({ name }) => name).join(',')
  const kind = isGroup ? 'resource group' : 'resource type'
  return new ArmError(
    400,
    isGroup ? 'LocationNotAvailableForResourceGroup' : 'LocationNotAvailableForResourceType',
    `The provided location '${given.slice(0, 100)}' is not available for ${kind}${isGroup ? '' : ` '${known.type}'`}. List of available regions for the ${kind} is '${regions}'.`,
  )
}

function optional<K extends string, V extends Json | Readonly<Record<string, string>>>(name: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [key in K]?: V })
}
