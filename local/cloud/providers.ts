import type { Provider } from './provider.ts'

/** Every resource provider of the simulated Azure. */
export const providers: readonly Provider[] = []
