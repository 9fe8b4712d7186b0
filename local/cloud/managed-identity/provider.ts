import type { Provider } from '../provider.ts'
import { userAssignedIdentities } from './user-assigned-identities.ts'

export const managedIdentityProvider: Provider = { namespace: 'Microsoft.ManagedIdentity', resourceTypes: [userAssignedIdentities] }
