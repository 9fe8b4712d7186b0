import { createHash } from 'node:crypto'
import type { Actions } from '../permissions/control-plane-role.ts'
import { unlessAbsent } from './absent.ts'
import type { AzureClients } from './clients.ts'
import { readFailure } from './failure.ts'

/** A custom role, and where it can be assigned. Its GUID follows from both, so that the same one is found again. */
export interface ScopedRole {
  readonly scope: string
  readonly actions: Actions
}

const TYPE = 'Microsoft.Authorization/roleDefinitions'
const digestOf = (...parts: readonly string[]): string => createHash('sha256').update(parts.join('\n').toLowerCase()).digest('hex')

/** Azure takes any GUID as a name; version and variant bits are set so that it is one. */
function guidFrom(...parts: readonly string[]): string {
  const hex = digestOf(...parts)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const contentOf = ({ scope, actions }: ScopedRole) => [scope, ...actions.actions, ...actions.dataActions]
const guidOf = (role: ScopedRole): string => guidFrom(...contentOf(role))

/** A name can be used once in a tenant. */
export const roleName = (role: ScopedRole): string => `Slipway cluster ${digestOf(...contentOf(role)).slice(0, 8)}`

export const roleId = (role: ScopedRole): string => `${role.scope}/providers/${TYPE}/${guidOf(role)}`

export async function hasRole({ authorization }: AzureClients, role: ScopedRole): Promise<boolean> {
  return (await unlessAbsent(authorization.roleDefinitions.get(role.scope, guidOf(role)))) !== undefined
}

export async function createRole({ authorization }: AzureClients, role: ScopedRole): Promise<void> {
  const { actions, dataActions } = role.actions
  await authorization.roleDefinitions.createOrUpdate(role.scope, guidOf(role), {
    roleName: roleName(role),
    description: 'What Hopsworks does with the identity of the machines of a cluster.',
    roleType: 'CustomRole',
    assignableScopes: [role.scope],
    permissions: [{ actions: [...actions], notActions: [], dataActions: [...dataActions], notDataActions: [] }],
  })
}

/** False: Azure does not know the new principal or role yet, which takes it some seconds. */
export async function assignRole({ authorization, subscriptionId }: AzureClients, role: ScopedRole, principalId: string): Promise<boolean> {
  const roleDefinitionId = `/subscriptions/${subscriptionId}/providers/${TYPE}/${guidOf(role)}`
  const assignment = { roleDefinitionId, principalId, principalType: 'ServicePrincipal' }
  try {
    await authorization.roleAssignments.create(role.scope, guidFrom(guidOf(role), principalId), assignment)
    return true
  } catch (error) {
    const { code = '' } = readFailure(error) ?? {}
    // Somebody has assigned it under another name.
    if (code === 'RoleAssignmentExists') return true
    if (/^(PrincipalNotFound|RoleDefinitionDoesNotExist)$/.test(code)) return false
    throw error
  }
}
