import { toWire } from '../../../shared/clusters/to-wire.ts'
import { wireCluster } from '../../../shared/clusters/wire.ts'
import { draftedCluster, sentRequest } from './drafts.ts'

test('what makes Terraform replace a cluster comes back to the letter', () => {
  const changes = {
    name: 'MyFeatureStore',
    tags: [{ name: 'team', value: '100% ml' }],
    issueLetsEncrypt: true,
    attachPublicIP: false,
    backupRetentionPeriod: 14,
    initScript: '#!/usr/bin/env bash\necho 50%',
    runInitScriptFirst: true,
    deactivateLogReport: true,
    clusterDomainPrefix: 'p',
    customHostedZone: 'z',
    aksClusterName: 'aks',
  }
  const { cluster: sent } = sentRequest(changes)
  const shown = toWire(draftedCluster(changes))
  expect(shown).toMatchObject({
    name: sent.name,
    version: sent.version,
    clusterConfiguration: { head: sent.clusterConfiguration.head },
    sshKeyName: sent.sshKeyName,
    backupRetentionPeriod: 14,
    tags: changes.tags,
    letsEncryptIssued: true,
    publicIPAttached: false,
    managedUsers: sent.managedUsers,
    azure: {
      location: sent.location,
      resourceGroup: sent.resourceGroup,
      managedIdentity: sent.managedIdentity,
      storageAccount: sent.storageAccount,
      blobContainerName: sent.blobContainerName,
      aksClusterName: 'aks',
      acrRegistryName: sent.acrRegistryName,
    },
    ronDB: sent.ronDB,
    initScript: changes.initScript,
    runInitScriptFirst: true,
    os: sent.os,
    deactivateLogReport: true,
    collectLogs: false,
    clusterDomainPrefix: 'p',
    customHostedZone: 'z',
  })
  expect(wireCluster.parse(JSON.parse(JSON.stringify(shown)))).toEqual(shown)
})

test('networks that we make are told by name, in the resource group where nothing else was asked', () => {
  expect(toWire(draftedCluster()).azure).toMatchObject({
    networkResourceGroup: 'slipway',
    virtualNetworkName: 'hopsworksai-vnet-0123456789ab',
    subnetName: 'default',
    securityGroupName: 'hopsworksai-nsg-0123456789ab',
    searchDomain: 'internal.cloudapp.net',
  })
})

test('workers of one kind are one entry, whatever order they were asked for in', () => {
  const worker = (instanceType: string, diskSize: number, count: number, spot = false) => ({
    instanceType,
    diskSize,
    count,
    ...(spot && { spotInfo: { maxPrice: 50, fallBackOnDemand: true } }),
  })
  const workers = [
    worker('Standard_D4_v3', 256, 1),
    worker('Standard_D8_v3', 256, 1),
    worker('Standard_D4_v3', 256, 2),
    worker('Standard_D4_v3', 256, 1, true),
    worker('Standard_D4_v3', 512, 1),
    worker('Standard_D2_v3', 512, 0),
  ]
  const { head } = sentRequest().cluster.clusterConfiguration
  expect(toWire(draftedCluster({ clusterConfiguration: { head, workers } })).clusterConfiguration.workers).toEqual([
    worker('Standard_D4_v3', 256, 3),
    worker('Standard_D8_v3', 256, 1),
    worker('Standard_D4_v3', 256, 1, true),
    worker('Standard_D4_v3', 512, 1),
  ])
})

test('what Go takes for present when it is there at all is left out while it is absent', () => {
  const shown = toWire(draftedCluster())
  for (const pointer of ['autoscale', 'upgradeInProgress', 'errorMessage']) expect(shown).not.toHaveProperty(pointer)
  expect(shown.ports).toEqual({ featureStore: false, onlineFeatureStore: false, kafka: false, ssh: false })
})
