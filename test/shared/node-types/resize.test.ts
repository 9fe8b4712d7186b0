import { checkResize, resized } from '../../../shared/node-types/resize.ts'
import type { ResizableNodeType } from '../../../shared/node-types/wire.ts'
import { draftedCluster } from '../clusters/drafts.ts'

const size = (name: string, memory: number, temporaryDisk = false, restricted = false) => ({
  name,
  family: 'f',
  vCpus: 4,
  memory,
  nvme: false,
  premiumStorage: name.includes('s_'),
  temporaryDisk,
  restricted,
})
const sizes = [
  size('Standard_D8_v3', 32, true),
  size('Standard_D16_v3', 64, true),
  size('Standard_D4s_v4', 16),
  size('Standard_D8s_v4', 32),
  size('Standard_D2s_v4', 8),
  size('Standard_D8_v4', 32),
  size('Standard_E64s_v4', 512),
  size('Standard_D32s_v4', 128, false, true),
]

const group = (instanceType: string, count: number) => ({ instanceType, diskSize: 512, count })
const { clusterConfiguration } = draftedCluster().request
const cluster = draftedCluster({
  clusterConfiguration: { ...clusterConfiguration, head: { ...clusterConfiguration.head, instanceType: 'Standard_D8_v3' } },
  ronDB: {
    allInOne: false,
    mgmd: group('Standard_D2s_v4', 1),
    ndbd: group('Standard_D4s_v4', 2),
    mysqld: group('Standard_D2s_v4', 1),
    api: group('', 0),
  },
})

test.each<[ResizableNodeType, string]>([
  ['head', 'Standard_D16_v3'],
  ['head', 'standard_d16_v3'],
  ['rondb_data', 'Standard_D8s_v4'],
  ['rondb_mysql', 'Standard_D4s_v4'],
])('%s nodes can have %s', (type, instanceType) => {
  expect(() => checkResize(cluster, type, instanceType, sizes)).not.toThrow()
})

test.each<[ResizableNodeType, string, RegExp]>([
  ['head', 'Standard_D8s_v4', /temporary disk/],
  ['head', 'Standard_X1', /not available in northeurope/],
  ['rondb_mysql', 'Standard_D32s_v4', /not available in northeurope/],
  ['rondb_mysql', 'Standard_D8_v4', /premium storage/],
  ['rondb_data', 'Standard_D2s_v4', /only grow/],
  ['rondb_data', 'Standard_E64s_v4', /at least 962 GB, and has 512/],
  ['rondb_api', 'Standard_D4s_v4', /no rondb_api nodes/],
  ['rondb_aio', 'Standard_D4s_v4', /no rondb_aio nodes/],
])('%s nodes cannot have %s', (type, instanceType, why) => {
  expect(() => checkResize(cluster, type, instanceType, sizes)).toThrow(why)
})

test('a machine remembers the size that it had when it last ran', () => {
  const once = resized(cluster, 'rondb_data', 'Standard_D8s_v4')
  expect(once.request.ronDB.ndbd.instanceType).toBe('Standard_D8s_v4')
  expect(once.nodes.filter(({ role }) => role === 'rondb-data')).toMatchObject([
    { instanceType: 'Standard_D8s_v4', resizedFrom: 'Standard_D4s_v4' },
    { instanceType: 'Standard_D8s_v4', resizedFrom: 'Standard_D4s_v4' },
  ])
  const twice = resized(resized(once, 'rondb_data', 'Standard_E64s_v4'), 'rondb_data', 'Standard_D4s_v4')
  expect(twice.request).toEqual(cluster.request)
  // A start that failed in between may have given the machine the other size.
  expect(twice.nodes.find(({ role }) => role === 'rondb-data')).toMatchObject({
    instanceType: 'Standard_D4s_v4',
    resizedFrom: 'Standard_D4s_v4',
  })
  expect(resized(cluster, 'rondb_data', 'Standard_D4s_v4')).toEqual(cluster)
  expect(resized(cluster, 'head', 'Standard_D16_v3').request.clusterConfiguration.head).toMatchObject({ instanceType: 'Standard_D16_v3' })
})
