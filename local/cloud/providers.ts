import { containerRegistryProvider } from './container-registry/provider.ts'
import type { Provider } from './provider.ts'

/** Every resource provider of the simulated Azure, besides Microsoft.Resources and Microsoft.Authorization, which the engine needs itself. */
export const providers: readonly Provider[] = [containerRegistryProvider]
