import { builtInRoles, permits } from '../../../../local/cloud/authorization/role.ts'

const role = (name: string) => {
  const found = builtInRoles.find((one) => one.name === name)
  if (!found) throw new Error(name)
  return found
}

describe('a role', () => {
  it.each([
    ['Owner', 'Microsoft.Authorization/roleAssignments/write', false, true],
    ['Contributor', 'Microsoft.Compute/virtualMachines/delete', false, true],
    ['Contributor', 'microsoft.authorization/ROLEASSIGNMENTS/write', false, false],
    ['Reader', 'Microsoft.Network/virtualNetworks/subnets/read', false, true],
    ['Reader', 'Microsoft.Network/virtualNetworks/subnets/join/action', false, false],
    ['Owner', 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read', true, false],
    ['Storage Blob Data Contributor', 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read', true, true],
    ['Storage Blob Data Contributor', 'Microsoft.Storage/storageAccounts/listKeys/action', false, false],
    ['Managed Identity Operator', 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action', false, true],
    ['AcrPull', 'Microsoft.ContainerRegistry/registries/push/write', false, false],
  ])('%s on %s (data: %s): %s', (name, action, data, expected) => {
    expect(permits(role(name), action, data)).toBe(expected)
  })
})
