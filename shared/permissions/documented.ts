import type { Feature } from './features.ts'

/**
 * The role that Hopsworks.ai documents for its platform (35 actions), each with the group under which the documentation lets it go:
 * A with a network that is brought along, B without backups, P without public addresses, S and R at the cost of a list and of a check.
 */
export const documentedActions: readonly (readonly [action: string, group?: 'A' | 'B' | 'P' | 'S' | 'R'])[] = [
  ['Microsoft.Compute/virtualMachines/write'],
  ['Microsoft.Compute/virtualMachines/start/action'],
  ['Microsoft.Compute/virtualMachines/delete'],
  ['Microsoft.Compute/virtualMachines/read'],
  ['Microsoft.Compute/virtualMachines/deallocate/action'],
  ['Microsoft.Compute/disks/write'],
  ['Microsoft.Compute/disks/delete'],
  ['Microsoft.Network/networkInterfaces/read'],
  ['Microsoft.Network/networkInterfaces/join/action'],
  ['Microsoft.Network/networkInterfaces/write'],
  ['Microsoft.Network/networkInterfaces/delete'],
  ['Microsoft.Network/networkSecurityGroups/read'],
  ['Microsoft.Network/networkSecurityGroups/join/action'],
  ['Microsoft.Network/networkSecurityGroups/write', 'A'],
  ['Microsoft.Network/networkSecurityGroups/delete', 'A'],
  ['Microsoft.Network/publicIPAddresses/join/action', 'P'],
  ['Microsoft.Network/publicIPAddresses/read', 'P'],
  ['Microsoft.Network/publicIPAddresses/write', 'P'],
  ['Microsoft.Network/publicIPAddresses/delete', 'P'],
  ['Microsoft.Network/virtualNetworks/write', 'A'],
  ['Microsoft.Network/virtualNetworks/delete', 'A'],
  ['Microsoft.Network/virtualNetworks/read'],
  ['Microsoft.Network/virtualNetworks/subnets/read'],
  ['Microsoft.Network/virtualNetworks/subnets/join/action'],
  ['Microsoft.Resources/subscriptions/resourceGroups/read'],
  ['Microsoft.Compute/sshPublicKeys/read'],
  ['Microsoft.ManagedIdentity/userAssignedIdentities/assign/action'],
  ['Microsoft.ManagedIdentity/userAssignedIdentities/read'],
  ['Microsoft.Storage/storageAccounts/read', 'S'],
  ['Microsoft.Compute/snapshots/write', 'B'],
  ['Microsoft.Compute/snapshots/read', 'B'],
  ['Microsoft.Compute/snapshots/delete', 'B'],
  ['Microsoft.Compute/disks/beginGetAccess/action', 'B'],
  // Not said to go with backups, and missing in the list without them.
  ['Microsoft.Compute/disks/read', 'B'],
  ['Microsoft.Authorization/roleAssignments/read', 'R'],
]

export interface DocumentedRole {
  readonly name: string
  /** Ours that come nearest. */
  readonly features: readonly Feature[]
  readonly actions: readonly string[]
}

const without = (...groups: readonly string[]): readonly string[] =>
  documentedActions.flatMap(([action, group]) => (group && groups.includes(group) ? [] : action))

export const documentedRoles: readonly DocumentedRole[] = [
  {
    name: 'everything',
    features: ['network', 'publicIp', 'backup', 'upgrade', 'pickLists', 'preflight'],
    actions: without(),
  },
  { name: 'a network brought along', features: ['publicIp', 'backup', 'upgrade', 'pickLists'], actions: without('A', 'R') },
  { name: 'a network brought along, no backups', features: ['publicIp', 'pickLists'], actions: without('A', 'R', 'B') },
]

/** Why a role of ours asks for what the documented one for the same features does not. */
export const beyondDocumented: Readonly<Record<string, string>> = {
  'Microsoft.Authorization/roleAssignments/read':
    "An upgrade first looks whether the clusters' identity has its permissions: without them the new head would fail late.",
  'Microsoft.Authorization/roleDefinitions/read': "To know what the assigned roles of the clusters' identity hold.",
  'Microsoft.Compute/disks/read': 'A disk is gone when Azure says so, and one that is in the way is looked at before a machine is made.',
  'Microsoft.Compute/locations/usages/read': 'Quotas: whether all machines fit, and how many of a size are left. Of the subscription.',
  'Microsoft.Compute/skus/read': 'Sizes that are sold in a location. Of the subscription.',
  'Microsoft.Compute/virtualMachines/restart/action': 'Restart of a cluster; older documented roles had it.',
  'Microsoft.Resources/subscriptions/providers/read': 'Whether the resource providers are registered. Of the subscription.',
  'Microsoft.Storage/storageAccounts/blobServices/containers/read':
    'Slipway looks whether the container is there and makes it; the documented platform left that to the machine.',
  'Microsoft.Storage/storageAccounts/blobServices/containers/write': 'As above.',
  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read':
    'A container that somebody has data in must not be taken for a cluster. A data action.',
}

/** Why a documented role asks for what ours for the same features does not. */
export const notNeeded: Readonly<Record<string, string>> = {}
