/**
 * Actions that the documentation of Hopsworks.ai asks for the platform's service principal, all optional groups included,
 * and below them those that Azure demands as well for what the product does.
 */
export const controlPlaneActions: readonly string[] = [
  'Microsoft.Compute/virtualMachines/write',
  'Microsoft.Compute/virtualMachines/start/action',
  'Microsoft.Compute/virtualMachines/delete',
  'Microsoft.Compute/virtualMachines/read',
  'Microsoft.Compute/virtualMachines/deallocate/action',
  'Microsoft.Compute/disks/write',
  'Microsoft.Compute/disks/delete',
  'Microsoft.Network/networkInterfaces/read',
  'Microsoft.Network/networkInterfaces/join/action',
  'Microsoft.Network/networkInterfaces/write',
  'Microsoft.Network/networkInterfaces/delete',
  'Microsoft.Network/networkSecurityGroups/read',
  'Microsoft.Network/networkSecurityGroups/join/action',
  'Microsoft.Network/networkSecurityGroups/write',
  'Microsoft.Network/networkSecurityGroups/delete',
  'Microsoft.Network/publicIPAddresses/join/action',
  'Microsoft.Network/publicIPAddresses/read',
  'Microsoft.Network/publicIPAddresses/write',
  'Microsoft.Network/publicIPAddresses/delete',
  'Microsoft.Network/virtualNetworks/write',
  'Microsoft.Network/virtualNetworks/delete',
  'Microsoft.Network/virtualNetworks/read',
  'Microsoft.Network/virtualNetworks/subnets/read',
  'Microsoft.Network/virtualNetworks/subnets/join/action',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
  'Microsoft.Compute/sshPublicKeys/read',
  'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
  'Microsoft.ManagedIdentity/userAssignedIdentities/read',
  'Microsoft.Storage/storageAccounts/read',
  'Microsoft.Compute/snapshots/write',
  'Microsoft.Compute/snapshots/read',
  'Microsoft.Compute/snapshots/delete',
  'Microsoft.Compute/disks/beginGetAccess/action',
  'Microsoft.Compute/disks/read',
  'Microsoft.Authorization/roleAssignments/read',
  // Beyond the documented list.
  'Microsoft.Compute/virtualMachines/instanceView/read',
  'Microsoft.Compute/virtualMachines/powerOff/action',
  'Microsoft.Compute/virtualMachines/restart/action',
  'Microsoft.Network/networkSecurityGroups/securityRules/read',
  'Microsoft.Network/networkSecurityGroups/securityRules/write',
  'Microsoft.Network/networkSecurityGroups/securityRules/delete',
  'Microsoft.Network/virtualNetworks/subnets/write',
  'Microsoft.Network/virtualNetworks/subnets/delete',
  'Microsoft.Authorization/roleDefinitions/read',
  'Microsoft.ContainerRegistry/registries/read',
  'Microsoft.ContainerService/managedClusters/read',
  'Microsoft.Compute/images/read',
  'Microsoft.Compute/galleries/images/read',
  'Microsoft.Compute/galleries/images/versions/read',
  'Microsoft.Storage/storageAccounts/blobServices/read',
  'Microsoft.Storage/storageAccounts/blobServices/containers/read',
  'Microsoft.Storage/storageAccounts/blobServices/containers/write',
]

export const controlPlaneDataActions: readonly string[] = ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read']

/** What is asked of the subscription as a whole: sizes, limits, regions. */
export const offerActions: readonly string[] = [
  'Microsoft.Compute/skus/read',
  'Microsoft.Compute/locations/usages/read',
  'Microsoft.Compute/locations/vmSizes/read',
  'Microsoft.Network/locations/usages/read',
  'Microsoft.Resources/subscriptions/read',
  'Microsoft.Resources/subscriptions/locations/read',
  'Microsoft.Resources/subscriptions/providers/read',
]

/** To keep the seeded registry clean, whichever mode of permissions it is in. */
export const registryActions: readonly string[] = [
  'Microsoft.ContainerRegistry/registries/read',
  'Microsoft.ContainerRegistry/registries/write',
  'Microsoft.ContainerRegistry/registries/listUsages/read',
  'Microsoft.ContainerRegistry/registries/pull/read',
  'Microsoft.ContainerRegistry/registries/artifacts/delete',
]

export const registryDataActions: readonly string[] = [
  'Microsoft.ContainerRegistry/registries/catalog/read',
  'Microsoft.ContainerRegistry/registries/repositories/content/read',
  'Microsoft.ContainerRegistry/registries/repositories/content/delete',
  'Microsoft.ContainerRegistry/registries/repositories/metadata/read',
]

/** The clusters' own identity: storage, backup, AKS and registry lists of the Terraform provider. */
export const clusterActions: readonly string[] = [
  'Microsoft.Storage/storageAccounts/blobServices/containers/write',
  'Microsoft.Storage/storageAccounts/blobServices/containers/read',
  'Microsoft.Storage/storageAccounts/blobServices/read',
  'Microsoft.Storage/storageAccounts/blobServices/write',
  'Microsoft.Storage/storageAccounts/listKeys/action',
  'Microsoft.ContainerService/managedClusters/listClusterUserCredential/action',
  'Microsoft.ContainerService/managedClusters/read',
  'Microsoft.ContainerRegistry/registries/pull/read',
  'Microsoft.ContainerRegistry/registries/push/write',
  'Microsoft.ContainerRegistry/registries/artifacts/delete',
]

export const clusterDataActions: readonly string[] = [
  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete',
  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/move/action',
  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write',
]
