import type { Provider } from '../provider.ts'
import { registryDataPlane } from './data-plane.ts'
import { expire } from './expiry.ts'
import { closeContents } from './open-registries.ts'
import { scopeMaps, tokens } from './registry-tokens.ts'
import { registries } from './registry-type.ts'
import { autopurge } from './soft-delete.ts'
import { checkNameAvailability } from './usages.ts'

export const containerRegistryProvider: Provider = {
  namespace: 'Microsoft.ContainerRegistry',
  resourceTypes: [registries, scopeMaps, tokens],
  endpoints: [checkNameAvailability],
  dataPlanes: [registryDataPlane],
  alarms: { expire, autopurge },
  start: (azure) => () => closeContents(azure),
}
