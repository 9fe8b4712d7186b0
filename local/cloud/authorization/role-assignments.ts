import { z } from 'zod'
import { ArmError } from '../arm/arm-error.ts'
import { resourceGroupNotFound } from '../arm/existence.ts'
import { parseBody } from '../arm/request-body.ts'
import { isWithin, parseResourceId, sameId } from '../arm/resource-id.ts'
import type { Azure } from '../azure.ts'
import type { Endpoint, EndpointCall } from '../provider.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { customRole, LINGERING, ROLE_ASSIGNMENT, roleNameOf } from './access.ts'
import { parseAssignmentFilter } from './filter.ts'
import { builtInRoles } from './role.ts'
import { definitionId, roleDefinitionDoesNotExist } from './role-definitions.ts'
import { apiVersions, GUID } from './versions.ts'

const bodySchema = z.object({
  properties: z.object({
    roleDefinitionId: z.string().max(1000),
    principalId: z.string().max(100),
    principalType: z.enum(['User', 'Group', 'ServicePrincipal', 'ForeignGroup', 'Device']).optional(),
    description: z.string().max(1024).optional(),
    /** Looked at by services with conditions of their own, which for now is the container registry. */
    condition: z.string().max(8192).optional(),
    conditionVersion: z.literal('2.0').optional(),
  }),
})

const LIST = '{scope*}/providers/Microsoft.Authorization/roleAssignments'
const ONE = `${LIST}/{name}`

export const roleAssignmentEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: LIST, apiVersions, action: `${ROLE_ASSIGNMENT}/read`, handle: list },
  { method: 'GET', path: ONE, apiVersions, action: `${ROLE_ASSIGNMENT}/read`, handle: get },
  { method: 'PUT', path: ONE, apiVersions, action: `${ROLE_ASSIGNMENT}/write`, handle: put },
  { method: 'DELETE', path: ONE, apiVersions, action: `${ROLE_ASSIGNMENT}/delete`, handle: remove },
]

/** Without atScope(): above, at and below the scope. */
function list({ azure, params, query }: EndpointCall) {
  const scope = params.scope || '/'
  const filter = parseAssignmentFilter(query.get('$filter'))
  const found = azure.resources.ofType(ROLE_ASSIGNMENT).filter(({ properties }) => {
    const at = String(properties.scope)
    if (filter.principalId !== undefined && properties.principalId !== filter.principalId) return false
    return isWithin(scope, at) || (!filter.atScope && isWithin(at, scope))
  })
  return { body: { value: found.map(view) } }
}

function get({ azure, params }: EndpointCall) {
  const assignment = azure.resources.get(idOf(params))
  if (!assignment) throw new ArmError(404, 'RoleAssignmentNotFound', `The role assignment '${params.name?.slice(0, 100)}' is not found.`)
  return { body: view(assignment) }
}

function put(call: EndpointCall) {
  const { azure, params } = call
  const { properties } = parseBody(bodySchema, call)
  const name = params.name ?? ''
  const scope = params.scope || '/'
  if (!GUID.test(name))
    throw new ArmError(
      400,
      'InvalidRoleAssignmentId',
      `The role assignment ID '${name.slice(0, 100)}' is not valid. The role assignment ID must be a GUID.`,
    )
  requireScope(azure, scope)
  const role = roleNameOf(properties.roleDefinitionId)
  if (!builtInRoles.some(({ id }) => id === role) && !customRole(azure, role)) throw roleDefinitionDoesNotExist(role)
  const principal = azure.directory.byObjectId(properties.principalId)
  if (!principal)
    throw new ArmError(
      400,
      'PrincipalNotFound',
      `Principal ${properties.principalId.replaceAll('-', '')} does not exist in the directory ${azure.directory.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype`,
    )
  const same = azure.resources
    .ofType(ROLE_ASSIGNMENT)
    .find(
      (other) =>
        sameId(String(other.properties.scope), scope) &&
        other.properties.principalId === principal.objectId &&
        roleNameOf(other.properties.roleDefinitionId) === role,
    )
  if (same && same.name.toLowerCase() === name.toLowerCase()) return { status: 200, body: view(same) }
  if (same) throw new ArmError(409, 'RoleAssignmentExists', 'The role assignment already exists.')
  if (azure.resources.get(idOf(params)))
    throw new ArmError(
      400,
      'RoleAssignmentUpdateNotPermitted',
      'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
    )
  const assignment = assignRole(azure, { ...properties, name, scope, role, effectiveIn: azure.seconds('roleAssignment.effective') })
  return { status: 201, body: view(assignment) }
}

function remove({ azure, params }: EndpointCall) {
  const assignment = azure.resources.get(idOf(params))
  if (!assignment) return { status: 204 }
  const until = azure.clock.now() + (azure.seconds('roleAssignment.effective') * 1000) / azure.speed
  azure.records(LINGERING).put(assignment.id.toLowerCase(), { properties: assignment.properties, until })
  azure.resources.delete(assignment.id)
  return { status: 200, body: view(assignment) }
}

/** Stores an assignment that takes effect in `effectiveIn` simulated seconds; for the seeded ones too, with 0. */
export function assignRole(
  azure: Azure,
  assignment: {
    name: string
    scope: string
    role: string
    principalId: string
    description?: string | undefined
    condition?: string | undefined
    conditionVersion?: string | undefined
    effectiveIn: number
  },
): Resource {
  const { name, scope, role, principalId, description, condition, conditionVersion, effectiveIn } = assignment
  const id = `${scope === '/' ? '' : scope}/providers/${ROLE_ASSIGNMENT}/${name}`
  azure.records(LINGERING).delete(id.toLowerCase())
  const kind = azure.directory.byObjectId(principalId)?.kind
  return azure.resources.put({
    id,
    name,
    type: ROLE_ASSIGNMENT,
    provisioningState: 'Succeeded',
    properties: {
      roleDefinitionId: definitionId(role, scope),
      principalId,
      principalType: kind === 'User' ? 'User' : 'ServicePrincipal',
      scope,
      description,
      ...(condition !== undefined && { condition, conditionVersion: conditionVersion ?? '2.0' }),
    },
    envelope: {},
    hidden: { effectiveAt: azure.clock.now() + (effectiveIn * 1000) / azure.speed },
  })
}

function idOf(params: Readonly<Record<string, string>>): string {
  return `${params.scope ?? ''}/providers/${ROLE_ASSIGNMENT}/${params.name}`
}

function requireScope(azure: Azure, scope: string): void {
  const id = parseResourceId(scope)
  if (!id || azure.resources.get(id.id)) return
  if (!azure.resources.get(`/subscriptions/${id.subscriptionId}/resourceGroups/${id.resourceGroup}`))
    throw resourceGroupNotFound(id.resourceGroup)
  throw new ArmError(
    404,
    'ResourceNotFound',
    `The Resource '${id.type}/${id.name}' under resource group '${id.resourceGroup}' was not found.`,
  )
}

function view({ id, name, type, properties, createdAt, changedAt }: Resource): JsonObject {
  const times = { createdOn: new Date(createdAt).toISOString(), updatedOn: new Date(changedAt).toISOString() }
  return { id, name, type, properties: { ...properties, ...times } }
}
