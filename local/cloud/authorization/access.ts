import { isWithin } from '../arm/resource-id.ts'
import type { Azure, RecordStore } from '../azure.ts'
import type { Json, JsonObject, Resource } from '../resource.ts'
import { builtInRoles, type Permission, permissionsOf, permits } from './role.ts'

export const ROLE_DEFINITION = 'Microsoft.Authorization/roleDefinitions'
export const ROLE_ASSIGNMENT = 'Microsoft.Authorization/roleAssignments'

/** Deleted assignments that still hold until the change has spread. */
export const LINGERING = 'authorization/lingering'

/** What access needs of Azure; `allows` is itself a part of Azure. */
type Directory = Pick<Azure, 'resources' | 'records' | 'clock'>

/** Whether an assignment that is effective now, at the scope or above it, gives `action` to the principal. */
export function allows(azure: Directory, principalId: string, action: string, scope: string, data: boolean): boolean {
  return effectiveAssignments(azure, principalId, scope).some((assignment) =>
    permissionsOfRole(azure, String(assignment.roleDefinitionId)).some((permission) => permits(permission, action, data)),
  )
}

/** The `properties` of the principal's assignments that are in effect at `scope`. */
export function effectiveAssignments(azure: Directory, principalId: string, scope: string): JsonObject[] {
  const now = azure.clock.now()
  const stored = azure.resources
    .ofType(ROLE_ASSIGNMENT)
    .filter((assignment) => Number(assignment.hidden.effectiveAt ?? 0) <= now)
    .map((assignment) => assignment.properties)
  return [...stored, ...lingering(azure.records(LINGERING), now)].filter(
    (properties) => properties.principalId === principalId && isWithin(scope, String(properties.scope)),
  )
}

function lingering(records: RecordStore, now: number): JsonObject[] {
  return records
    .list()
    .filter(({ value }) => Number(value.until) > now)
    .map(({ value }) => value.properties as JsonObject)
}

/** Of a built-in or custom role, by the id of its definition in whatever scope it is written. */
export function permissionsOfRole(azure: Pick<Azure, 'resources'>, roleDefinitionId: string): readonly Permission[] {
  const name = roleNameOf(roleDefinitionId)
  const builtIn = builtInRoles.find((role) => role.id === name)
  if (builtIn) return [builtIn]
  const custom = customRole(azure, name)
  return custom ? permissionsOf(custom.properties) : []
}

export function customRole(azure: Pick<Azure, 'resources'>, name: string): Resource | undefined {
  return azure.resources.get(customRoleId(name))
}

/** Custom roles are the tenant's, whatever scope they are asked at; so they are stored once, under the root. */
export function customRoleId(name: string): string {
  return `/providers/${ROLE_DEFINITION}/${name.toLowerCase()}`
}

/** The GUID at the end of a role definition's id. */
export function roleNameOf(roleDefinitionId: Json | undefined): string {
  return String(roleDefinitionId).split('/').at(-1)?.toLowerCase() ?? ''
}
