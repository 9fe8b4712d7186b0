/** Resource providers that clusters use, and so all that the app may have to register. */
export const SETUP_NAMESPACES = [
  'Microsoft.Compute',
  'Microsoft.ContainerRegistry',
  'Microsoft.ContainerService',
  'Microsoft.ManagedIdentity',
  'Microsoft.Network',
  'Microsoft.Storage',
] as const
