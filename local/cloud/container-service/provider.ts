import type { Provider, ResourceType } from '../provider.ts'

/** Nobody makes Kubernetes clusters here; whoever asks whether there is one is answered. */
const managedClusters: ResourceType = {
  type: 'managedClusters',
  apiVersions: ['2025-03-01', '2024-09-01', '2024-05-01', '2024-02-01', '2023-11-01'],
  tracked: true,
}

export const containerServiceProvider: Provider = { namespace: 'Microsoft.ContainerService', resourceTypes: [managedClusters] }
