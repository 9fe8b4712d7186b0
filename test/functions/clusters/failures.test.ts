import { putBlob } from '../../../local/cloud/storage/blob-store.ts'
import { type ClusterWorld, clusterWorld } from '../../cluster-world.ts'
import { waitFor } from '../../e2e/waiters.ts'
import { until } from '../../until.ts'

let world: ClusterWorld
beforeAll(async () => {
  world = await clusterWorld()
}, 60_000)
afterAll(() => world?.end())
beforeEach(() => world.cloud.setFaults({ rules: [] }))

const blob = { content: Buffer.from('data'), contentType: 'text/plain', metadata: {} }

let count = 0

/** Small, so that many of them fit the quota and the time. */
function small(changes: Record<string, unknown> = {}) {
  const name = `small-${count++}`
  return {
    name,
    blobContainerName: name,
    clusterConfiguration: { head: { instanceType: 'Standard_D2s_v4', diskSize: 256, haEnabled: false }, workers: [] },
    ...changes,
  }
}

async function terminate(id: string) {
  const { api } = world
  const name = (await api.cluster(id))?.name
  expect(await api.call('DELETE', `/api/clusters/${id}`)).toMatchObject({ code: 202 })
  const { end, cluster } = await waitFor(api, id, 'delete')
  // The message tells what went wrong where it does.
  expect(cluster?.errorMessage ?? end).toBe('gone')
  expect(made(id, name)).toEqual([])
}

/** What there is of a cluster's own; its container outlives it. */
const made = (id: string, name = '') => world.resources().filter((found) => found.startsWith(`${name}-`) || found.endsWith(id.slice(-12)))

async function retry(id: string) {
  const { api } = world
  const failed = await until(async () => (await api.operations(id)).find(({ state }) => state === 'failed'))
  expect((await api.cluster(id))?.failedOperation).toBe(failed.id)
  expect(await api.call('POST', `/api/operations/${failed.id}/retry`)).toMatchObject({ code: 202 })
  expect((await api.cluster(id))?.state).not.toBe('error')
  expect(await waitFor(api, id, 'run')).toMatchObject({ end: 'running' })
}

const machineWrite = { operation: 'Microsoft.Compute/virtualMachines/write' }

test.each([
  ['quota', { match: machineWrite, fault: 'quota' }, /quota.*then retry/is],
  ['capacity', { match: machineWrite, fault: 'capacity' }, /az vm list-skus/],
  [
    'a missing permission',
    { match: { operation: 'Microsoft.Network/virtualNetworks/write' }, fault: 'deny' },
    /Microsoft\.Network\/virtualNetworks\/write.*az role assignment create/s,
  ],
])(
  'a creation that fails for %s says what to do, and goes on once it is done',
  async (_what, rule, message) => {
    const { api, cloud } = world
    cloud.setFaults({ rules: [rule] })
    const id = await api.create(small())
    const { end, cluster } = await waitFor(api, id, 'run')
    expect(end).toBe('error')
    expect(cluster?.errorMessage).toMatch(message)
    expect(cluster?.errorMessage).not.toContain('%')
    expect(cluster?.activationState).toBe('terminable')
    cloud.setFaults({ rules: [] })
    await retry(id)
    await terminate(id)
  },
  90_000,
)

test.each([
  ['an unknown SSH key', { sshKeyName: 'nobody' }, /no SSH key nobody in the resource group slipway.*az sshkey create/s],
  ['an unknown identity', { managedIdentity: 'nobody' }, /no user-assigned identity nobody.*az identity create/s],
  ['an unknown resource group', { resourceGroup: 'nowhere' }, /nowhere.*(az group create|az role assignment create)/s],
])(
  'a creation with %s makes nothing',
  async (_what, changes, message) => {
    const { api } = world
    const before = world.resources()
    const id = await api.create(small(changes))
    const { end, cluster } = await waitFor(api, id, 'run')
    expect(end).toBe('error')
    expect(cluster?.errorMessage).toMatch(message)
    expect(world.resources()).toEqual(before)
    await terminate(id)
  },
  60_000,
)

test('an installation that fails tells why and where to look, and leaves nothing once the cluster is terminated', async () => {
  const { api, cloud } = world
  cloud.setFaults({ rules: [{ match: { path: '-master' }, fault: 'install-fails' }] })
  const id = await api.create(small())
  const { end, cluster } = await waitFor(api, id, 'run')
  expect(end).toBe('error')
  expect(cluster?.errorMessage).toMatch(/^Hopsworks could not be installed: .*exit code 1.*journalctl -u slipway-agent/s)
  await terminate(id)
}, 60_000)

test('an installation that fails is tried again by a retry, as often as somebody asks for one', async () => {
  const { api, cloud } = world
  const id = await api.create(small())
  cloud.setFaults({ rules: [{ match: { path: '-master' }, fault: 'install-fails' }] })
  expect(await waitFor(api, id, 'run')).toMatchObject({ end: 'error' })
  const [failed] = await api.operations(id)
  expect(await api.call('POST', `/api/operations/${failed?.id}/retry`)).toMatchObject({ code: 202 })
  const { end, cluster } = await waitFor(api, id, 'run')
  expect(end).toBe('error')
  expect(cluster?.errorMessage).toMatch(/^Hopsworks could not be installed: .*exit code 1/s)
  cloud.setFaults({ rules: [] })
  await retry(id)
  await terminate(id)
}, 60_000)

test('a container with data in it is not taken', async () => {
  const { api, cloud } = world
  const request = small()
  const first = await api.create(request)
  await until(() => world.resources().includes(request.blobContainerName))
  await terminate(first)
  cloud.azure.change(() => putBlob(cloud.azure, [cloud.landingZone.storageAccount, request.blobContainerName, 'data'], blob))
  const id = await api.create(small({ blobContainerName: request.blobContainerName }))
  const { end, cluster } = await waitFor(api, id, 'run')
  expect(end).toBe('error')
  expect(cluster?.errorMessage).toMatch(/is not empty.*az storage blob delete-batch/s)
  await terminate(id)
}, 60_000)

test('a machine of the same name that somebody else made is neither taken over nor removed', async () => {
  const { api, cloud } = world
  const request = small()
  const { azure, landingZone } = cloud
  const id = `/subscriptions/${landingZone.subscriptionId}/resourceGroups/slipway/providers/Microsoft.Compute/disks/${request.name}-master-os`
  azure.change(() =>
    azure.resources.put({
      id,
      type: 'Microsoft.Compute/disks',
      name: `${request.name}-master-os`,
      location: 'northeurope',
      provisioningState: 'Succeeded',
      properties: {},
      envelope: {},
      hidden: {},
    }),
  )
  const cluster = await api.create(request)
  const { end, cluster: shown } = await waitFor(api, cluster, 'run')
  expect(end).toBe('error')
  expect(shown?.errorMessage).toMatch(/There is a disk .*-master-os already.*az resource delete/s)
  await api.call('DELETE', `/api/clusters/${cluster}`)
  expect(await waitFor(api, cluster, 'delete')).toMatchObject({ end: 'gone' })
  expect(azure.resources.get(id)).toBeDefined()
  azure.change(() => azure.resources.delete(id))
}, 60_000)

test('a cancelled creation takes back what it made', async () => {
  const { api } = world
  const id = await api.create(small())
  await until(async () => world.resources().some((name) => name.endsWith('-master')))
  const [operation] = await api.operations(id)
  expect(await api.call('POST', `/api/operations/${operation?.id}/cancel`)).toMatchObject({ code: 202 })
  const { end, cluster } = await waitFor(api, id, 'run')
  expect(end).toBe('error')
  expect(cluster?.errorMessage).toMatch(/cancelled/)
  expect(made(id, cluster?.name)).toEqual([])
  await terminate(id)
}, 60_000)

test('a cluster is terminated in any state on its way up', async () => {
  const { api } = world
  const states = ['pending', 'initializing', 'rondb-initializing', 'starting-hopsworks']
  await Promise.all(
    states.map(async (state) => {
      const id = await api.create(small())
      await until(async () => [state, 'running'].includes((await api.cluster(id))?.state ?? ''))
      await terminate(id)
    }),
  )
}, 60_000)

test('a cluster is terminated while it stops, while it starts, and when it was asked twice', async () => {
  const { api } = world
  const terminateDuring = async (method: string, path: string, stopFirst = false) => {
    const id = await api.create(small())
    await waitFor(api, id, 'run')
    if (stopFirst) {
      await api.call('PUT', `/api/clusters/${id}/stop`)
      await waitFor(api, id, 'stop')
    }
    expect(await api.call(method, `/api/clusters/${id}${path}`)).toMatchObject({ code: 202 })
    await terminate(id)
  }
  await Promise.all([terminateDuring('PUT', '/stop'), terminateDuring('PUT', '/start', true), terminateDuring('DELETE', '')])
}, 90_000)

test('answers that are lost, throttled or broken off change nothing about the end', async () => {
  const { api, cloud } = world
  const often = (fault: string, more: object = {}) => ({ match: { path: '/providers/', probability: 0.04 }, fault, ...more })
  cloud.setFaults({
    rules: [often('lost-response'), often('throttle', { retryAfter: 0 }), often('reset'), often('error', { status: 503 })],
  })
  const id = await api.create(small())
  const { end, cluster } = await waitFor(api, id, 'run')
  expect(cluster?.errorMessage ?? end).toBe('running')
  await terminate(id)
}, 90_000)
