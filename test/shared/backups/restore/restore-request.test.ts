import { restoredRequest, restoreRequestSchema } from '../../../../shared/backups/restore/restore-request.ts'
import { readRequest } from '../../clusters/drafts.ts'

const D2 = { instanceType: 'Standard_D2s_v4', diskSize: 256 }
const saved = readRequest({
  name: 'before',
  tags: [{ name: 'team', value: 'blue' }],
  clusterConfiguration: { head: D2, workers: [{ ...D2, count: 2 }] },
  networkResourceGroup: 'network',
  virtualNetworkName: 'theirs',
  subnetName: 'default',
})

const restored = (cluster: object) => restoredRequest(saved, restoreRequestSchema.parse({ cluster }).cluster)

test('what is not asked for otherwise is as it was, but for the workers', () => {
  const asItWas = { ...saved, clusterConfiguration: { ...saved.clusterConfiguration, workers: [] } }
  expect(restored({})).toEqual(asItWas)
  expect(restored({ name: '', sshKeyName: null, tags: null, virtualNetworkName: '', autoscale: null })).toEqual(asItWas)
})

test('name, key, tags, scaling and network can be others; nothing else can', () => {
  const changes = {
    name: 'after',
    sshKeyName: 'other-key',
    tags: [],
    networkResourceGroup: 'elsewhere',
    virtualNetworkName: 'ours',
    subnetName: 'nodes',
    securityGroupName: 'guard',
  }
  const cluster = restored({ ...changes, autoscale: { nonGpu: { ...D2, minWorkers: 1 } }, location: 'westeurope', storageAccount: 'other' })
  expect(cluster).toMatchObject({ ...changes, autoscale: { ...D2, minWorkers: 1, maxWorkers: 10 } })
  expect(cluster).toMatchObject({ location: saved.location, storageAccount: saved.storageAccount })
})

test.each([
  [{ name: 'no spaces' }, 'name'],
  [{ sshKeyName: 'k'.repeat(81) }, 'sshKeyName'],
  [{ tags: [{ name: 'slipway-cluster', value: 'x' }] }, 'tags'],
  [{ autoscale: { nonGpu: { ...D2, minWorkers: 2, maxWorkers: 1 } } }, 'autoscale'],
  [{ virtualNetworkName: 'a/b' }, 'virtualNetworkName'],
])('%j is refused at %s', (cluster, field) => {
  const { error } = restoreRequestSchema.safeParse({ cluster })
  expect(error?.issues[0]?.path.slice(0, 2)).toEqual(['cluster', field])
})
