import { type ClusterWorld, clusterWorld } from '../../cluster-world.ts'
import { until } from '../../until.ts'
import { createRequest } from '../api.ts'
import { openBooks } from '../sweep/books.ts'
import { everySeventh } from '../sweep/every-seventh.ts'
import { choices, tell } from '../sweep/seed.ts'
import { waitFor } from '../waiters.ts'

let world: ClusterWorld
afterEach(() => world?.end())

const D2 = { instanceType: 'Standard_D2s_v4', diskSize: 256 }
const closed = { featureStore: false, onlineFeatureStore: false, kafka: false, ssh: false }

test('while every seventh answer of Azure is an error or gets lost, workers come and go, ports open and sizes change, and the ledger is right', async () => {
  const { seed, between } = choices()
  world = await clusterWorld({ speed: 400, seed: between(1, 2 ** 31) })
  const { api, cloud, storage } = world
  const books = await openBooks({ state: async () => cloud.state(), storage })
  cloud.setFaults(everySeventh)

  async function ends(id: string, kind: 'run' | 'stop', wanted: string) {
    const { end, cluster } = await waitFor(api, id, kind)
    expect(cluster?.errorMessage ?? end).toBe(wanted)
  }
  async function life(name: string) {
    const agree = async (id: string) => {
      const made = await books.made(name, id)
      expect(await books.ledger(id)).toEqual(made)
      return made.filter((entry) => entry.includes('-worker-')).length
    }
    // A worker is a machine, an interface and two disks.
    const workers = (count: number) => 4 * count
    const head = { instanceType: 'Standard_D2s_v4', diskSize: 256, haEnabled: false }
    const { cluster } = createRequest({ name, blobContainerName: name, clusterConfiguration: { head, workers: [] } })
    const id = await api.create(cluster)
    // Sizes are asked of Azure while the caller waits: what fails there is for the caller to repeat.
    const call = (method: string, path: string, body?: object) =>
      until(async () => (await api.call(method, `/api/clusters/${id}${path}`, body)).code < 300)
    await ends(id, 'run', 'running')
    await call('POST', '/workers', {
      workers: [
        { ...D2, count: 2 },
        { ...D2, diskSize: 128, count: 1 },
      ],
    })
    await ends(id, 'run', 'running')
    expect(await agree(id)).toBe(workers(3))
    await call('DELETE', '/workers', {
      workers: [
        { ...D2, count: 1 },
        { ...D2, diskSize: 128, count: 1 },
      ],
    })
    await ends(id, 'run', 'running')
    expect(await agree(id)).toBe(workers(1))
    await call('POST', '/ports', { ports: { ...closed, ssh: true } })
    await call('PUT', '/restart')
    await ends(id, 'run', 'running')
    await call('PUT', '/stop')
    await ends(id, 'stop', 'stopped')
    await call('PUT', '/nodes/modify-instance-type', { nodeInfo: { nodeType: 'head', instanceType: 'Standard_D4s_v4' } })
    await call('PUT', '/start')
    await ends(id, 'run', 'running')
    expect(await agree(id)).toBe(workers(1))
    expect(await api.cluster(id)).toMatchObject({
      ports: { ssh: true },
      clusterConfiguration: { head: { instanceType: 'Standard_D4s_v4' } },
    })
    for (const { kind, state } of await api.operations(id)) expect([kind, state]).toEqual([kind, 'succeeded'])
    await call('DELETE', '')
    expect(await waitFor(api, id, 'delete')).toMatchObject({ end: 'gone' })
    expect(await books.made(name, id)).toEqual([])
    expect(await books.ledger(id)).toEqual([])
  }
  try {
    await Promise.all(['one', 'two', 'three'].map(life))
  } finally {
    tell(`faults over workers, SLIPWAY_SWEEP_SEED=${seed}: ${JSON.stringify(cloud.state().faults)}`)
  }
}, 120_000)
