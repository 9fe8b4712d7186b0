import type { Endpoint } from '../provider.ts'
import { effectiveAssignments, permissionsOfRole } from './access.ts'
import { apiVersions } from './versions.ts'

/** What the caller's own roles give at a scope; one entry for each assignment that is in effect. */
export const permissionsEndpoint: Endpoint = {
  method: 'GET',
  path: '{scope*}/providers/Microsoft.Authorization/permissions',
  apiVersions,
  action: undefined,
  handle({ azure, caller, params }) {
    const assignments = effectiveAssignments(azure, caller.objectId, params.scope || '/')
    const permissions = assignments.flatMap((assignment) => permissionsOfRole(azure, String(assignment.roleDefinitionId)))
    return {
      body: {
        value: permissions.map(({ actions, notActions, dataActions, notDataActions }) => ({
          actions,
          notActions,
          dataActions,
          notDataActions,
        })),
      },
    }
  },
}
