import { createRequestSchema } from '../../../shared/clusters/create-request.ts'
import { checkRules } from '../../../shared/clusters/create-rules.ts'
import { ProblemError } from '../../../shared/problem.ts'
import { seededEntries } from '../../../shared/versions/seed.ts'
import { sentRequest } from './drafts.ts'

/** The field that is refused, and why; undefined where the request is taken. */
function refusal(request: unknown): string | undefined {
  const read = createRequestSchema.safeParse(request)
  const issue = read.error?.issues[0]
  if (issue) return `${issue.path.join('.')}: ${issue.message}`
  try {
    if (read.data) checkRules(read.data.cluster, seededEntries)
    return undefined
  } catch (error) {
    return error instanceof ProblemError ? error.problem.message : String(error)
  }
}

const worker = { instanceType: 'Standard_D4_v3', diskSize: 512, count: 1 }
const rondb = (changes: object) => ({ ronDB: { ...sentRequest().cluster.ronDB, ...changes } })
const clustered = {
  allInOne: false,
  configuration: { ndbdDefault: { replicationFactor: 2 } },
  mgmd: { instanceType: 'Standard_D2s_v4', diskSize: 30, count: 1 },
  ndbd: { instanceType: 'Standard_D4s_v4', diskSize: 512, count: 2 },
  mysqld: { instanceType: 'Standard_D2s_v4', diskSize: 128, count: 1 },
}

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['as Terraform sends it', {}],
  ['with nulls for what is absent', { tags: null, autoscale: null, clusterDomainPrefix: null, containerConfiguration: null, os: null }],
  ['with fields that nobody knows', { somethingNew: { deep: [1] } }],
  ['with the longest name', { name: 'tf-hopsworks-cluster' }],
  ['with a name in capitals', { name: 'MyFeatureStore' }],
  [
    'with spot workers',
    {
      clusterConfiguration: {
        ...sentRequest().cluster.clusterConfiguration,
        workers: [{ ...worker, spotInfo: { maxPrice: 50, fallBackOnDemand: true } }],
      },
    },
  ],
  ['with a RonDB cluster', rondb(clustered)],
  ['with an init script', { initScript: '#!/usr/bin/env bash\necho' }],
])('a create request %s is taken', (_what, changes) => {
  expect(refusal(sentRequest(changes))).toBeUndefined()
})

test.each<[Readonly<Record<string, unknown>>, RegExp]>([
  [{ name: '' }, /^cluster\.name: .*1 to 20/],
  [{ name: 'a-name-that-is-too-long' }, /^cluster\.name/],
  [{ name: '-demo' }, /^cluster\.name/],
  [{ name: 'de_mo' }, /^cluster\.name/],
  [{ version: 'latest' }, /^cluster\.version: must be a version/],
  [{ version: '2.2.0' }, /^cluster\.version: 2\.2\.0 is not available; there are 3\.0\.0/],
  [{ os: 'centos' }, /^cluster\.os: there is no centos image/],
  [{ sshKeyName: '' }, /SSH key is required/],
  [{ location: 'North Europe' }, /^cluster\.location: .*short name/],
  [{ storageAccount: '' }, /^cluster\.storageAccount/],
  [{ managedIdentity: '' }, /^cluster\.managedIdentity/],
  [{ backupRetentionPeriod: 3 }, /^cluster\.backupRetentionPeriod: .*at least 7/],
  [{ collectLogs: true }, /^cluster\.collectLogs/],
  [{ acrRegistryName: '' }, /^cluster\.acrRegistryName: acr_registry_name is missing/],
  [{ initScript: 'echo' }, /^cluster\.initScript: must start with/],
  [{ virtualNetworkName: 'v' }, /^cluster\.subnetName/],
  [{ subnetName: 's' }, /^cluster\.virtualNetworkName/],
  [{ tags: [{ name: 'slipway-cluster', value: 'x' }] }, /^cluster\.tags\.0\.name/],
  [
    { clusterConfiguration: { head: { instanceType: 'Standard_D8_v3', diskSize: 100 }, workers: [] } },
    /^cluster\.clusterConfiguration\.head\.diskSize/,
  ],
  [
    { clusterConfiguration: { head: { instanceType: 'Standard_D8_v3', diskSize: 512.5 }, workers: [] } },
    /^cluster\.clusterConfiguration\.head\.diskSize/,
  ],
  [{ clusterConfiguration: { head: { instanceType: 'Standard_D8_v3', haEnabled: true }, workers: [] } }, /haEnabled/],
  [
    { clusterConfiguration: { head: { instanceType: 'Standard_D8_v3' }, workers: [worker, { ...worker, count: 1000 }] } },
    /workers: must be at most 1000/,
  ],
  [{ autoscale: { nonGpu: { instanceType: 'Standard_D4_v3' } } }, /^cluster\.autoscale: workers and autoscale exclude/],
  [{ autoscale: { nonGpu: {} } }, /^cluster\.autoscale\.nonGpu\.instanceType/],
  [
    { autoscale: { nonGpu: { instanceType: 'Standard_D4_v3', minWorkers: 3, maxWorkers: 2 } } },
    /^cluster\.autoscale\.nonGpu\.maxWorkers: must not be less/,
  ],
  [{ containerConfiguration: { encryption: { mode: 'SSE-S3' } } }, /containerConfiguration/],
  [rondb({ ...clustered, ndbd: { instanceType: 'Standard_D4s_v4', diskSize: 512, count: 3 } }), /multiples of RonDB replication factor/],
  [rondb({ ...clustered, mgmd: { instanceType: 'Standard_D2s_v4', diskSize: 30, count: 2 } }), /^cluster\.ronDB\.mgmd\.count: must be 1/],
  [rondb({ ...clustered, mysqld: { instanceType: '', count: 1 } }), /^cluster\.ronDB\.mysqld\.instanceType/],
  [
    rondb({ ...clustered, ndbd: { instanceType: 'Standard_D4s_v4', diskSize: 0, count: 2 } }),
    /^cluster\.ronDB\.ndbd\.diskSize: .*at least 40 GB/,
  ],
  [rondb({ ndbd: { instanceType: 'Standard_E4_v3', diskSize: 39, count: 1 } }), /^cluster\.ronDB\.ndbd\.diskSize: .*at least 40 GB/],
  [rondb({ ndbd: { instanceType: '', diskSize: 512, count: 1 } }), /^cluster\.ronDB\.ndbd\.instanceType/],
  [{ ronDB: null }, /^cluster\.ronDB/],
])('%j is refused', (changes, message) => {
  expect(refusal(sentRequest(changes))).toMatch(message)
})

test.each(['AWS', 'GCP', 'azure'])('a cluster on %s is refused for its cloud', (cloudProvider) => {
  expect(refusal({ cloudProvider, cluster: { name: 'demo' } })).toMatch(/^cloudProvider: must be AZURE/)
})
