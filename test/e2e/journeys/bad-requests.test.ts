import { once } from 'node:events'
import { connect } from 'node:net'
import type { JsonObject } from '../../../local/cloud/resource.ts'
import { createRequest, type WireCluster } from '../api.ts'
import { PATIENCE_MS, stage } from './stage.ts'

const here = stage()

const NAME = 'refused'
const head = { instanceType: 'Standard_D2s_v4', diskSize: 256, haEnabled: false }
const worker = { instanceType: 'Standard_D2s_v4', diskSize: 256, count: 1 }
const autoscale = {
  instanceType: 'Standard_D2s_v4',
  diskSize: 256,
  minWorkers: 0,
  maxWorkers: 4,
  standbyWorkers: 0.5,
  downscaleWaitTime: 300,
}
const workers = (...groups: object[]) => ({ clusterConfiguration: { head, workers: groups } })
const headed = (changes: object) => ({ clusterConfiguration: { head: { ...head, ...changes }, workers: [] } })
const rondb = (changes: object) => ({ ronDB: { ...(createRequest().cluster.ronDB as object), ...changes } })
const nodes = (count: number, changes: object = {}) => ({ instanceType: 'Standard_D2s_v4', diskSize: 128, count, ...changes })
const clustered = (changes: object) =>
  rondb({
    allInOne: false,
    configuration: { ndbdDefault: { replicationFactor: 2 } },
    mgmd: nodes(1),
    ndbd: nodes(2),
    mysqld: nodes(1),
    ...changes,
  })

/** What is wrong, the field that is named, and what is said to be allowed. */
const wrong: readonly (readonly [changes: Record<string, unknown>, field: string, allowed: RegExp])[] = [
  [{ name: '' }, 'cluster.name', /1 to 20 letters, digits and dashes/],
  [{ name: 'x'.repeat(21) }, 'cluster.name', /1 to 20/],
  [{ name: 'under_score' }, 'cluster.name', /1 to 20/],
  [{ name: null }, 'cluster.name', /string/],
  [{ name: 7 }, 'cluster.name', /string/],
  [{ version: 'latest' }, 'cluster.version', /such as 3\.9\.0/],
  [{ version: '9.9.9' }, 'cluster.version', /there are .*3\.9\.0/],
  [{ os: 'windows' }, 'cluster.os', /ubuntu.*centos/],
  [{ sshKeyName: '' }, 'cluster.sshKeyName', /SSH key is required/],
  [{ sshKeyName: undefined }, 'cluster.sshKeyName', /SSH key is required/],
  [headed({ diskSize: 255 }), 'cluster.clusterConfiguration.head.diskSize', />=256/],
  [headed({ diskSize: 512.5 }), 'cluster.clusterConfiguration.head.diskSize', /int/],
  [headed({ diskSize: '512' }), 'cluster.clusterConfiguration.head.diskSize', /number/],
  [headed({ instanceType: '' }), 'cluster.clusterConfiguration.head.instanceType', /VM size/],
  [headed({ haEnabled: true }), 'cluster.clusterConfiguration.head.haEnabled', /second head/],
  [workers({ ...worker, diskSize: -1 }), 'cluster.clusterConfiguration.workers.0.diskSize', />=0/],
  [workers(worker, { ...worker, count: -1 }), 'cluster.clusterConfiguration.workers.1.count', />=0/],
  [workers({ ...worker, spotInfo: { maxPrice: 0 } }), 'cluster.clusterConfiguration.workers.0.spotInfo.maxPrice', />=1/],
  [workers({ ...worker, spotInfo: { maxPrice: 201 } }), 'cluster.clusterConfiguration.workers.0.spotInfo.maxPrice', /<=200/],
  [{ clusterConfiguration: { head, workers: 'none' } }, 'cluster.clusterConfiguration.workers', /array/],
  [{ clusterConfiguration: undefined }, 'cluster.clusterConfiguration', /object/],
  [{ ...workers(), autoscale: { nonGpu: {} } }, 'cluster.autoscale.nonGpu.instanceType', /string/],
  [
    { ...workers(), autoscale: { nonGpu: { ...autoscale, minWorkers: 5, maxWorkers: 4 } } },
    'cluster.autoscale.nonGpu.maxWorkers',
    /minWorkers/,
  ],
  [{ ...workers(worker), autoscale: { nonGpu: autoscale } }, 'cluster.autoscale', /exclude each other/],
  [{ backupRetentionPeriod: 6 }, 'cluster.backupRetentionPeriod', /0 .*at least 7/],
  [{ backupRetentionPeriod: -1 }, 'cluster.backupRetentionPeriod', />=0/],
  [{ initScript: 'echo' }, 'cluster.initScript', /#!\/usr\/bin\/env bash/],
  [{ collectLogs: true }, 'cluster.collectLogs', /AWS/],
  [{ attachPublicIP: 'yes' }, 'cluster.attachPublicIP', /boolean/],
  [{ tags: { team: 'ml' } }, 'cluster.tags', /array/],
  [{ tags: [{ name: 'slipway-cluster', value: '1' }] }, 'cluster.tags.0.name', /not begin with slipway-/],
  [{ acrRegistryName: '' }, 'cluster.acrRegistryName', /missing/],
  [{ version: '3.0.0', acrRegistryName: '', aksClusterName: 'aks' }, 'cluster.acrRegistryName', /missing/],
  [{ ronDB: undefined }, 'cluster.ronDB', /object/],
  [rondb({ ndbd: nodes(2) }), 'cluster.ronDB.ndbd.count', /must be 1/],
  [rondb({ ndbd: nodes(1, { instanceType: '' }) }), 'cluster.ronDB.ndbd.instanceType', /needed/],
  [clustered({ mgmd: nodes(2) }), 'cluster.ronDB.mgmd.count', /must be 1/],
  [clustered({ mgmd: nodes(1, { instanceType: '' }) }), 'cluster.ronDB.mgmd.instanceType', /needed/],
  [clustered({ ndbd: nodes(3) }), 'cluster.ronDB.ndbd.count', /multiples of RonDB replication factor/],
  [clustered({ ndbd: nodes(0) }), 'cluster.ronDB.ndbd.count', /at least 1/],
  [clustered({ mysqld: nodes(0) }), 'cluster.ronDB.mysqld.count', /at least 1/],
  [clustered({ api: nodes(1, { instanceType: '' }) }), 'cluster.ronDB.api.instanceType', /needed/],
  [
    clustered({ configuration: { ndbdDefault: { replicationFactor: 4 } } }),
    'cluster.ronDB.configuration.ndbdDefault.replicationFactor',
    /<=3/,
  ],
  [{ location: 'North Europe' }, 'cluster.location', /short name/],
  [{ resourceGroup: '' }, 'cluster.resourceGroup', /Azure resource/],
  [{ managedIdentity: 'a/b' }, 'cluster.managedIdentity', /Azure resource/],
  [{ storageAccount: 'My-Account' }, 'cluster.storageAccount', /storage account/],
  [{ blobContainerName: 'Under_Score' }, 'cluster.blobContainerName', /blob container/],
  [{ virtualNetworkName: 'net' }, 'cluster.subnetName', /with a virtual network/],
  [{ subnetName: 'default' }, 'cluster.virtualNetworkName', /with a subnet/],
  [{ containerConfiguration: { encryption: { mode: 'SSE-KMS' } } }, 'cluster.containerConfiguration.encryption.mode', /None/],
]

/** What a client can send that is no create request at all. */
const request = JSON.stringify(createRequest({ name: NAME }))
const malformed: readonly (readonly [what: string, body: string, field: string, code: number])[] = [
  ['nothing', '', 'body', 400],
  ['half of it', request.slice(0, 100), 'body', 400],
  ['two of them', request + request, 'body', 400],
  ['plain text', 'name=demo', 'body', 400],
  ['null', 'null', 'body', 400],
  ['a list', `[${request}]`, 'body', 400],
  ['an empty object', '{}', 'cloudProvider', 400],
  ['no cluster', '{"cloudProvider":"AZURE"}', 'cluster', 400],
  ['a cluster for AWS', '{"cloudProvider":"AWS","cluster":{"name":"refused","region":"eu-north-1"}}', 'cloudProvider', 400],
  ['a cluster for GCP', '{"cloudProvider":"GCP","cluster":{"name":"refused","project":"p"}}', 'cloudProvider', 400],
  ['a cluster for a cloud that nobody knows', request.replace('AZURE', 'azure'), 'cloudProvider', 400],
  ['brackets without end', `{"cloudProvider":${'['.repeat(100_000)}`, 'body', 400],
  ['too deep a nesting', request.replace('{', `{"x":${'['.repeat(100)}${']'.repeat(100)},`), 'body', 400],
  ['more than a mebibyte', JSON.stringify(createRequest({ name: NAME, initScript: `#!${'x'.repeat(1_100_000)}` })), '', 413],
]

/** What Azure was asked; the app's own look at tags and its sign-in are left out. */
function azureCalls(): object {
  const { 'GET /subscriptions/{subscriptionId}/resources': _, token: __, ...calls } = here.world.cloud.state().requests as JsonObject
  return calls
}

const clusters = async () => (await here.api.call<{ clusters: WireCluster[] }>('GET', '/api/clusters')).payload.clusters

test(
  'whatever is refused changes nothing: no cluster, no name, no call of Azure',
  async () => {
    const before = [azureCalls(), here.inventory(), await clusters()]
    for (const [changes, field, allowed] of wrong) {
      const answer = await here.api.call('POST', '/api/clusters', createRequest({ name: NAME, ...changes }))
      expect({ changes, code: answer.code, status: answer.status, error: answer.error, message: answer.message }).toEqual({
        changes,
        code: 400,
        status: 400,
        error: expect.objectContaining({ code: 'invalid', field }),
        message: expect.stringMatching(allowed),
      })
      expect(answer.message).toContain(field)
      expect(answer.message).not.toContain('%')
    }
    for (const [what, body, field, code] of malformed) {
      const answer = await here.api.send('POST', '/api/clusters', body)
      expect({ what, code: answer.code, status: answer.status, field: answer.error?.field ?? '' }).toEqual({
        what,
        code,
        status: code,
        field,
      })
    }
    expect([azureCalls(), here.inventory(), await clusters()]).toEqual(before)
    await here.terminated(await here.api.create(here.small({ name: NAME })))
  },
  PATIENCE_MS,
)

test('a body that is said to be endless is refused before it is sent', async () => {
  const { port } = new URL(here.world.host.url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(`POST /api/clusters HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: ${here.api.key}\r\nContent-Length: 99999999999\r\n\r\n{`)
  const [answer] = await once(socket, 'data')
  socket.destroy()
  expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /)
})

test('wrong queries and calls that know no dry run are refused', async () => {
  for (const [path, field] of [
    ['/api/clusters?cloud=azure', 'cloud'],
    ['/api/clusters?limit=0', 'limit'],
    ['/api/clusters?limit=many', 'limit'],
    ['/api/clusters?dryRun=true', 'dryRun'],
  ] as const)
    expect(await here.api.call('GET', path)).toMatchObject({ code: 400, status: 400, error: { field } })
  expect(await here.api.call('POST', '/api/clusters?dryRun=perhaps', createRequest({ name: NAME }))).toMatchObject({
    code: 400,
    error: { field: 'dryRun' },
  })
  expect(await clusters()).toEqual([])
})
