import { type ClusterWorld, clusterWorld } from '../../cluster-world.ts'
import { createRequest } from '../../e2e/api.ts'
import { waitFor } from '../../e2e/waiters.ts'
import { until } from '../../until.ts'

let world: ClusterWorld
beforeAll(async () => {
  world = await clusterWorld()
}, 60_000)
afterAll(() => world?.end())

const powerOf = (name: string) =>
  JSON.stringify(
    world.cloud.azure.resources.under(`/subscriptions/${world.cloud.landingZone.subscriptionId}`).find((found) => found.name === name),
  )

test('a cluster is created, stopped, started and terminated, and nothing of it stays but its container', async () => {
  const { api } = world
  const id = await api.create()
  const created = await waitFor(api, id, 'run')
  expect(created).toMatchObject({ end: 'running', cluster: { activationState: 'stoppable' } })
  const whole = world.resources()
  const part = id.slice(-12)
  const machines = ['demo-master', 'demo-rondb-0', 'demo-worker-0', 'demo-worker-1']
  const network = [`hopsworksai-vnet-${part}`, 'default', `hopsworksai-nsg-${part}`, 'http', 'https', 'demo-ip']
  expect(whole).toEqual([...machines.flatMap((node) => [node, `${node}-nic`, `${node}-os`, `${node}-data`]), ...network, 'demo'].sort())

  // Containers, subnets and rules have no entries of their own.
  const entered = whole.filter((name) => !['demo', 'default', 'http', 'https'].includes(name))
  expect(await world.ledger(id)).toEqual(entered)

  expect(await api.call('PUT', `/api/clusters/${id}/start`)).toMatchObject({ code: 400, message: 'cluster is already running' })
  expect(await api.call('PUT', `/api/clusters/${id}/stop`)).toMatchObject({ code: 202 })
  expect((await api.cluster(id))?.state).toBe('stopping')
  expect(await waitFor(api, id, 'stop')).toMatchObject({ end: 'stopped', cluster: { activationState: 'startable' } })
  expect(world.resources().filter((name) => name.includes('worker'))).toEqual([])
  expect(await world.ledger(id)).toEqual(entered.filter((name) => !name.includes('worker')))
  expect(powerOf('demo-master')).toContain('deallocated')
  expect((await api.cluster(id))?.clusterConfiguration.workers).toEqual([{ instanceType: 'Standard_D4_v3', diskSize: 256, count: 2 }])

  expect(await api.call('PUT', `/api/clusters/${id}/stop`)).toMatchObject({ code: 400, message: 'cluster is already stopped' })
  expect(await api.call('PUT', `/api/clusters/${id}/start`)).toMatchObject({ code: 202 })
  expect(await waitFor(api, id, 'run')).toMatchObject({ end: 'running' })
  expect(world.resources()).toEqual(whole)
  expect(await world.ledger(id)).toEqual(entered)

  expect(await api.call('DELETE', `/api/clusters/${id}`)).toMatchObject({ code: 202 })
  expect((await api.cluster(id))?.state).toBe('shutting-down')
  expect(await waitFor(api, id, 'delete')).toMatchObject({ end: 'gone' })
  expect(world.resources()).toEqual(['demo'])
  expect(await world.ledger(id)).toEqual([])
  const again = await until(async () => {
    const [latest] = await api.operations(id)
    return latest?.state === 'succeeded' ? latest : undefined
  })
  expect(again).toMatchObject({ kind: 'delete-cluster' })
}, 120_000)

test('a terminated name can be used again, and is taken while its cluster lives', async () => {
  const { api } = world
  const id = await api.create({ name: 'Again' })
  expect(await api.call('POST', '/api/clusters', createRequest({ name: 'again' }))).toMatchObject({
    code: 409,
    message: 'There is a cluster named again already.',
    error: { field: 'cluster.name' },
  })
  await api.call('DELETE', `/api/clusters/${id}`)
  expect(await waitFor(api, id, 'delete')).toMatchObject({ end: 'gone' })
  const second = await api.create({ name: 'again' })
  await api.call('DELETE', `/api/clusters/${second}`)
  expect(await waitFor(api, second, 'delete')).toMatchObject({ end: 'gone' })
}, 120_000)

test("the user's own network, security group and data are used and left alone", async () => {
  const { api, cloud } = world
  const { existingNetwork } = cloud.landingZone
  const before = world.resources()
  const id = await api.create({
    name: 'own-net',
    attachPublicIP: false,
    networkResourceGroup: existingNetwork.resourceGroup,
    virtualNetworkName: existingNetwork.virtualNetwork,
    subnetName: existingNetwork.subnet,
    securityGroupName: existingNetwork.networkSecurityGroup,
    blobContainerName: 'own-net',
    tags: [{ name: 'team', value: 'ml' }],
    ronDB: {
      allInOne: false,
      configuration: { ndbdDefault: { replicationFactor: 2 }, general: { benchmark: { grantUserPrivileges: false } } },
      mgmd: { instanceType: 'Standard_D2s_v4', diskSize: 30, count: 1 },
      ndbd: { instanceType: 'Standard_D4s_v4', diskSize: 512, count: 2 },
      mysqld: { instanceType: 'Standard_D2s_v4', diskSize: 128, count: 1, arrowFlight: true },
      api: { instanceType: '', diskSize: 30, count: 0 },
    },
  })
  expect(await waitFor(api, id, 'run')).toMatchObject({
    end: 'running',
    cluster: {
      tags: [{ name: 'team', value: 'ml' }],
      publicIPAttached: false,
      azure: {
        networkResourceGroup: 'network',
        virtualNetworkName: 'existing-vnet',
        subnetName: 'default',
        securityGroupName: 'existing-nsg',
      },
      ronDB: { allInOne: false, ndbd: { count: 2, privateIps: [expect.any(String), expect.any(String)] }, mysqld: { arrowFlight: true } },
    },
  })
  expect(await api.call('GET', `/api/clusters/${id}/credentials`)).toMatchObject({
    payload: { user: 'admin@hopsworks.ai', password: expect.stringMatching(/^[\w-]{24}$/) },
  })
  await api.call('DELETE', `/api/clusters/${id}`)
  expect(await waitFor(api, id, 'delete')).toMatchObject({ end: 'gone' })
  expect(world.resources()).toEqual([...before, 'own-net'].sort())
}, 120_000)

test('a dry run shows the plan and does nothing', async () => {
  const { api } = world
  const before = world.resources()
  const answer = await api.call<{ plan: { seconds: number; touches: string[] } }>(
    'POST',
    '/api/clusters?dryRun=true',
    createRequest({ name: 'dry' }),
  )
  expect(answer).toMatchObject({ code: 200, payload: { plan: { seconds: expect.any(Number) } } })
  expect(answer.payload.plan.touches.filter((id) => id.includes('/virtualMachines/'))).toHaveLength(4)
  expect(world.resources()).toEqual(before)
  expect((await api.call<{ clusters: { name: string }[] }>('GET', '/api/clusters')).payload.clusters.map(({ name }) => name)).not.toContain(
    'dry',
  )
})

test('a cluster that does not exist is 404, and nothing else is', async () => {
  const { api } = world
  for (const id of ['01932c5e-0000-7000-8000-000000000000', 'demo', '06193a70-0443-11ed-93cf-49931166dde0', '%23%3F']) {
    expect(await api.call('GET', `/api/clusters/${id}`)).toMatchObject({ status: 404, code: 404 })
    expect(await api.call('DELETE', `/api/clusters/${id}`)).toMatchObject({ status: 404, code: 404 })
    expect(await api.call('PUT', `/api/clusters/${id}/stop`)).toMatchObject({ status: 404, code: 404 })
  }
  expect(await api.call('POST', '/api/clusters', { cloudProvider: 'AWS', cluster: { name: 'demo' } })).toMatchObject({
    status: 400,
    code: 400,
    error: { field: 'cloudProvider' },
  })
  expect(await api.call('GET', '/api/clusters?cloud=GCP')).toMatchObject({ code: 200, payload: { clusters: [] } })
})
