import type { Provider } from '../provider.ts'
import { permissionsEndpoint } from './permissions.ts'
import { roleAssignmentEndpoints } from './role-assignments.ts'
import { roleDefinitionEndpoints } from './role-definitions.ts'

export const authorizationProvider: Provider = {
  namespace: 'Microsoft.Authorization',
  resourceTypes: [],
  endpoints: [...roleDefinitionEndpoints, ...roleAssignmentEndpoints, permissionsEndpoint],
}
