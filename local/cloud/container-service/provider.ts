import type { Provider } from '../provider.ts'

/** There are no Kubernetes clusters here; the namespace can be registered, as in every subscription. */
export const containerServiceProvider: Provider = { namespace: 'Microsoft.ContainerService', resourceTypes: [] }
