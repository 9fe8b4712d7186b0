import { computeProvider } from './compute/provider.ts'
import { containerRegistryProvider } from './container-registry/provider.ts'
import { containerServiceProvider } from './container-service/provider.ts'
import { eventGridProvider } from './event-grid/event-grid-provider.ts'
import { managedIdentityProvider } from './managed-identity/provider.ts'
import { networkProvider } from './network/network-provider.ts'
import type { Provider } from './provider.ts'
import { storageProvider } from './storage/storage-provider.ts'

/** Every resource provider of the simulated Azure, besides Microsoft.Resources and Microsoft.Authorization, which the engine needs itself. */
export const providers: readonly Provider[] = [
  managedIdentityProvider,
  computeProvider,
  networkProvider,
  storageProvider,
  containerRegistryProvider,
  containerServiceProvider,
  eventGridProvider,
]
