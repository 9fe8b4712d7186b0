import { ComputeManagementClient } from '@azure/arm-compute'
import { ManagedServiceIdentityClient } from '@azure/arm-msi'
import { NetworkManagementClient } from '@azure/arm-network'
import { StorageManagementClient } from '@azure/arm-storage'
import { type TestCloud, testCloud } from './sdk.ts'

describe('the landing zone, to the control plane', () => {
  let cloud: TestCloud
  let compute: ComputeManagementClient
  let network: NetworkManagementClient
  let storage: StorageManagementClient
  let identities: ManagedServiceIdentityClient
  beforeAll(async () => {
    cloud = await testCloud()
    const { landingZone, controlPlane, clientOptions } = cloud
    compute = new ComputeManagementClient(controlPlane, landingZone.subscriptionId, clientOptions)
    network = new NetworkManagementClient(controlPlane, landingZone.subscriptionId, clientOptions)
    storage = new StorageManagementClient(controlPlane, landingZone.subscriptionId, clientOptions)
    identities = new ManagedServiceIdentityClient(controlPlane, landingZone.subscriptionId, clientOptions)
  })
  afterAll(() => cloud.stop())

  const quickly = { updateIntervalInMs: 5 }

  it('has an identity, a key and a storage account with room for a container', async () => {
    const { resourceGroup, identity, sshKey, storageAccount } = cloud.landingZone
    expect((await identities.userAssignedIdentities.get(resourceGroup, identity)).principalId).toMatch(/^[0-9a-f-]{36}$/)
    expect((await compute.sshPublicKeys.get(resourceGroup, sshKey)).publicKey).toMatch(/^ssh-/)
    expect((await storage.storageAccounts.getProperties(resourceGroup, storageAccount)).provisioningState).toBe('Succeeded')
    expect((await storage.blobContainers.create(resourceGroup, storageAccount, 'first', {})).name).toBe('first')
  })

  it('lets a machine be made in the existing network with exactly the rights that are given', async () => {
    const { resourceGroup: group, location, identity, existingNetwork, subscriptionId } = cloud.landingZone
    const existing = existingNetwork.resourceGroup
    const subnet = await network.subnets.get(existing, existingNetwork.virtualNetwork, existingNetwork.subnet)
    const nsg = await network.networkSecurityGroups.get(existing, existingNetwork.networkSecurityGroup)
    const address = await network.publicIPAddresses.beginCreateOrUpdateAndWait(
      group,
      'ip',
      { location, sku: { name: 'Standard' }, publicIPAllocationMethod: 'Static' },
      quickly,
    )
    const nic = await network.networkInterfaces.beginCreateOrUpdateAndWait(
      group,
      'nic',
      {
        location,
        networkSecurityGroup: { id: nsg.id ?? '' },
        ipConfigurations: [{ name: 'one', subnet: { id: subnet.id ?? '' }, publicIPAddress: { id: address.id ?? '' } }],
      },
      quickly,
    )
    const identityId = `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${identity}`
    const machine = await compute.virtualMachines.createOrUpdate(
      group,
      'vm',
      {
        location,
        identity: { type: 'UserAssigned', userAssignedIdentities: { [identityId]: {} } },
        hardwareProfile: { vmSize: 'Standard_D2s_v4' },
        storageProfile: {
          imageReference: { publisher: 'Canonical', offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts-gen2', version: 'latest' },
          osDisk: { createOption: 'FromImage', name: 'os' },
        },
        osProfile: {
          computerName: 'vm',
          adminUsername: 'hopsworks',
          linuxConfiguration: {
            disablePasswordAuthentication: true,
            ssh: {
              publicKeys: [
                {
                  path: '/home/hopsworks/.ssh/authorized_keys',
                  keyData: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFNsaXB3YXkgc2ltdWxhdGVkIEF6dXJlLCBub3Qgc2Vj k',
                },
              ],
            },
          },
        },
        networkProfile: { networkInterfaces: [{ id: nic.id ?? '' }] },
      },
      quickly,
    )
    expect(machine.provisioningState).toBe('Succeeded')
    await compute.virtualMachines.delete(group, 'vm', quickly)
    await compute.disks.delete(group, 'os', quickly)
    await network.networkInterfaces.beginDeleteAndWait(group, 'nic', quickly)
    await network.publicIPAddresses.beginDeleteAndWait(group, 'ip', quickly)
  })

  it('lets nothing else of the user be deleted', async () => {
    const { resourceGroup, storageAccount, identity } = cloud.landingZone
    await expect(storage.storageAccounts.delete(resourceGroup, storageAccount)).rejects.toMatchObject({ code: 'AuthorizationFailed' })
    await expect(identities.userAssignedIdentities.delete(resourceGroup, identity)).rejects.toMatchObject({ code: 'AuthorizationFailed' })
  })
})
