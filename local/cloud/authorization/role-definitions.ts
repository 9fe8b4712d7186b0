import { z } from 'zod'
import { ArmError } from '../arm/arm-error.ts'
import { parseBody } from '../arm/request-body.ts'
import { isWithin } from '../arm/resource-id.ts'
import type { Endpoint, EndpointCall } from '../provider.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { customRole, customRoleId, ROLE_ASSIGNMENT, ROLE_DEFINITION, roleNameOf } from './access.ts'
import { parseRoleFilter } from './filter.ts'
import { type BuiltInRole, builtInRoles } from './role.ts'
import { apiVersions, GUID } from './versions.ts'

const patterns = z.array(z.string().max(500)).max(2000).default([])
/** No wildcard segment rules: Azure checks actions against the registered operations, which the simulator has no list of. */
const bodySchema = z.object({
  properties: z.object({
    roleName: z.string().min(1).max(512),
    description: z.string().max(2048).default(''),
    type: z.string().optional(),
    assignableScopes: z.array(z.string().max(1000)).min(1).max(100),
    permissions: z
      .array(z.object({ actions: patterns, notActions: patterns, dataActions: patterns, notDataActions: patterns }))
      .min(1)
      .max(10),
  }),
})

const LIST = '{scope*}/providers/Microsoft.Authorization/roleDefinitions'
const ONE = `${LIST}/{name}`

export const roleDefinitionEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: LIST, apiVersions, action: `${ROLE_DEFINITION}/read`, handle: list },
  { method: 'GET', path: ONE, apiVersions, action: `${ROLE_DEFINITION}/read`, handle: get },
  { method: 'PUT', path: ONE, apiVersions, action: `${ROLE_DEFINITION}/write`, handle: put },
  { method: 'DELETE', path: ONE, apiVersions, action: `${ROLE_DEFINITION}/delete`, handle: remove },
]

function list({ azure, params, query }: EndpointCall) {
  const scope = params.scope ?? ''
  const filter = parseRoleFilter(query.get('$filter'))
  const custom = azure.resources.ofType(ROLE_DEFINITION).filter((role) => isAssignable(role, scope))
  const bodies = [...builtInRoles.map((role) => builtInView(role, scope)), ...custom.map((role) => customView(role, scope))]
  return {
    body: {
      value: bodies.filter(
        ({ properties }) =>
          (filter.roleName === undefined || String(properties.roleName).toLowerCase() === filter.roleName.toLowerCase()) &&
          (filter.type === undefined || String(properties.type).toLowerCase() === filter.type.toLowerCase()),
      ),
    },
  }
}

function get({ azure, params }: EndpointCall) {
  const name = roleNameOf(params.name)
  const scope = params.scope ?? ''
  const builtIn = builtInRoles.find((role) => role.id === name)
  if (builtIn) return { body: builtInView(builtIn, scope) }
  const custom = customRole(azure, name)
  if (!custom) throw roleDefinitionDoesNotExist(name)
  return { body: customView(custom, scope) }
}

function put(call: EndpointCall) {
  const { azure, params } = call
  const name = roleNameOf(params.name)
  const { properties } = parseBody(bodySchema, call)
  if (!GUID.test(name))
    throw new ArmError(400, 'InvalidRoleDefinitionId', `The role definition ID '${name.slice(0, 100)}' is not valid. It must be a GUID.`)
  if (builtInRoles.some((role) => role.id === name))
    throw new ArmError(403, 'RoleDefinitionCannotBeModified', 'Built-in roles cannot be modified.')
  const namesake = azure.resources
    .ofType(ROLE_DEFINITION)
    .find((role) => role.name !== name && String(role.properties.roleName).toLowerCase() === properties.roleName.toLowerCase())
  if (namesake || builtInRoles.some((role) => role.name.toLowerCase() === properties.roleName.toLowerCase()))
    throw new ArmError(
      409,
      'RoleDefinitionWithSameNameExists',
      'A custom role with the same name already exists in this directory. Use a different name.',
    )
  const role = azure.resources.put({
    id: customRoleId(name),
    name,
    type: ROLE_DEFINITION,
    provisioningState: 'Succeeded',
    properties: { ...properties, type: 'CustomRole' },
    envelope: {},
    hidden: {},
  })
  return { status: 201, body: customView(role, params.scope ?? '') }
}

function remove({ azure, params }: EndpointCall) {
  const name = roleNameOf(params.name)
  if (builtInRoles.some((role) => role.id === name))
    throw new ArmError(403, 'RoleDefinitionCannotBeModified', 'Built-in roles cannot be deleted.')
  const role = customRole(azure, name)
  if (!role) return { status: 204 }
  if (azure.resources.ofType(ROLE_ASSIGNMENT).some((assignment) => roleNameOf(assignment.properties.roleDefinitionId) === name))
    throw new ArmError(
      409,
      'RoleDefinitionHasAssignments',
      'There are existing role assignments referencing role (code: RoleDefinitionHasAssignments).',
    )
  azure.resources.delete(role.id)
  return { status: 200, body: customView(role, params.scope ?? '') }
}

export function roleDefinitionDoesNotExist(name: string): ArmError {
  return new ArmError(404, 'RoleDefinitionDoesNotExist', `The specified role definition with ID '${name.slice(0, 100)}' does not exist.`)
}

/** Ids of role definitions carry the subscription they are asked in, and nothing deeper. */
export function definitionId(name: string, scope: string): string {
  return `${/^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? ''}/providers/${ROLE_DEFINITION}/${name}`
}

function isAssignable(role: Resource, scope: string): boolean {
  const scopes = role.properties.assignableScopes
  return Array.isArray(scopes) && scopes.some((assignable) => isWithin(scope, String(assignable)) || isWithin(String(assignable), scope))
}

function builtInView(role: BuiltInRole, scope: string): { properties: JsonObject } & JsonObject {
  const { id, name, description, ...permission } = role
  return {
    id: definitionId(id, scope),
    name: id,
    type: ROLE_DEFINITION,
    properties: { roleName: name, description, type: 'BuiltInRole', assignableScopes: ['/'], permissions: [{ ...permission }] },
  }
}

function customView(role: Resource, scope: string): { properties: JsonObject } & JsonObject {
  return { id: definitionId(role.name, scope), name: role.name, type: ROLE_DEFINITION, properties: role.properties }
}
