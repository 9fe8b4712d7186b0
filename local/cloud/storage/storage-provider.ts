import type { Provider } from '../provider.ts'
import { checkNameAvailability, storageAccounts } from './account.ts'
import { blobDataPlane } from './blob-data-plane.ts'
import { blobServices } from './blob-service.ts'
import { containers, endDeletion } from './container.ts'

export const storageProvider: Provider = {
  namespace: 'Microsoft.Storage',
  resourceTypes: [storageAccounts, blobServices, containers],
  endpoints: [checkNameAvailability],
  dataPlanes: [blobDataPlane],
  alarms: { endDeletion },
}
