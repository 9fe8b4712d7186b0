import { ENGINE } from '../../local/cloud/azure.ts'
import { type ClusterWorld, clusterWorld } from '../cluster-world.ts'
import { until } from '../until.ts'
import { type Books, openBooks } from './sweep/books.ts'
import { bring, create, remove } from './sweep/journey.ts'
import { waitFor } from './waiters.ts'

let world: ClusterWorld
let books: Books
let count = 0
let name: string

beforeAll(async () => {
  world = await clusterWorld({ speed: 500 })
  const { cloud, storage } = world
  books = await openBooks({ state: async () => cloud.state(), storage })
}, 60_000)
afterAll(() => world?.end())
beforeEach(() => {
  world.cloud.setFaults({ rules: [] })
  name = `long${count++}`
})

const created = [
  'Microsoft.Network/virtualNetworks/write',
  'Microsoft.Network/networkSecurityGroups/write',
  'Microsoft.Network/publicIPAddresses/write',
  'Microsoft.Network/networkInterfaces/write',
  'Microsoft.Compute/virtualMachines/write',
]
const deleted = [
  'Microsoft.Compute/virtualMachines/delete',
  'Microsoft.Compute/disks/delete',
  'Microsoft.Network/publicIPAddresses/delete',
  'Microsoft.Network/networkSecurityGroups/delete',
  'Microsoft.Network/virtualNetworks/delete',
]

const once = (operation: string, fault: 'stuck' | 'fail') =>
  world.cloud.setFaults({ rules: [{ match: { operation, times: 1 }, fault, message: 'It broke.', code: 'InternalExecutionError' }] })

const discard = (id: string) => remove({ api: world.api, books }, name, id)

async function failsWith(id: string, message: string): Promise<void> {
  expect(await waitFor(world.api, id, 'run')).toMatchObject({ end: 'error', cluster: { errorMessage: expect.stringContaining(message) } })
}

async function runsAfterRetry(id: string): Promise<void> {
  const { api } = world
  expect(await api.call('POST', `/api/operations/${(await api.cluster(id))?.failedOperation}/retry`)).toMatchObject({ code: 202 })
  const { end, cluster } = await waitFor(api, id, 'run')
  expect(cluster?.errorMessage ?? end).toBe('running')
}

/** What the fault plan holds up comes to its end after all. */
function comeRound(): void {
  const { azure, state } = world.cloud
  for (const { id, status } of state().operations as readonly { id: string; status: string }[])
    if (status === 'InProgress')
      azure.change(() => azure.arm({ key: `operation ${id}`, inSeconds: 0, provider: ENGINE, run: 'finish', input: { id } }))
}

test.each(created)(
  '%s fails in the end: the cluster says so, and runs after a retry',
  async (operation) => {
    once(operation, 'fail')
    const id = await create(world.api, name)
    await failsWith(id, 'It broke.')
    await runsAfterRetry(id)
    await discard(id)
  },
  60_000,
)

test.each(created)(
  '%s comes to no end: the cluster says so, and runs after a retry when Azure has come round',
  async (operation) => {
    once(operation, 'stuck')
    const id = await create(world.api, name)
    await failsWith(id, 'takes far longer than it should')
    comeRound()
    await runsAfterRetry(id)
    await discard(id)
  },
  60_000,
)

test('what Azure is still at cannot be removed: the cluster says so, and goes when Azure has come round', async () => {
  const { api, cloud } = world
  once('Microsoft.Network/virtualNetworks/write', 'stuck')
  const id = await create(api, name)
  await until(() => (cloud.state().faults as { struck: number }[])[0]?.struck === 1)
  expect(await api.call('DELETE', `/api/clusters/${id}`)).toMatchObject({ code: 202 })
  const { end, cluster } = await waitFor(api, id, 'delete')
  expect([end, cluster?.errorMessage]).toEqual(['termination-warning', expect.stringContaining('Another operation')])
  comeRound()
  await discard(id)
}, 60_000)

test.each(deleted)(
  '%s fails in the end: the cluster goes all the same',
  async (operation) => {
    const id = await bring({ api: world.api, books }, name)
    once(operation, 'fail')
    await discard(id)
  },
  60_000,
)
