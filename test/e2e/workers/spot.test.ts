import { sideBySide, stage } from '../journeys/stage.ts'
import { waitFor } from '../waiters.ts'

const here = stage()

const D2 = { instanceType: 'Standard_D2s_v4', diskSize: 256 }
const spot = (maxPrice: number, fallBackOnDemand: boolean) => ({ ...D2, count: 1, spotInfo: { maxPrice, fallBackOnDemand } })

const add = (id: string, worker: object) => here.api.call('POST', `/api/clusters/${id}/workers`, { workers: [worker] })

const machine = (name: string) =>
  [...here.inventory().values()].find((resource) => /virtualMachines$/i.test(resource.type) && resource.name === name)?.properties

async function added(id: string, worker: object) {
  expect(await add(id, worker)).toMatchObject({ code: 202 })
  return waitFor(here.api, id, 'run')
}

sideBySide({
  async 'a spot worker may cost its part of the price on demand, and no more than that at 100 percent'() {
    const { id, name } = await here.created()
    expect((await added(id, spot(10, true))).end).toBe('running')
    expect((await added(id, spot(100, true))).end).toBe('running')
    expect(machine(`${name}-worker-0`)).toMatchObject({ priority: 'Spot', evictionPolicy: 'Delete', billingProfile: { maxPrice: 0.0107 } })
    expect(machine(`${name}-worker-1`)).toMatchObject({ priority: 'Spot', billingProfile: { maxPrice: -1 } })
    expect((await here.api.cluster(id))?.clusterConfiguration.workers).toMatchObject([
      { spotInfo: { maxPrice: 10, fallBackOnDemand: true } },
      { spotInfo: { maxPrice: 100, fallBackOnDemand: true } },
    ])
    const unknown = { ...spot(50, true), instanceType: 'Standard_M8ms' }
    expect(await add(id, unknown)).toMatchObject({ code: 400, error: { field: 'workers.0.spotInfo.maxPrice' } })
    expect(await add(id, spot(201, true))).toMatchObject({ code: 400, error: { field: 'workers.0.spotInfo.maxPrice' } })
    await here.terminated(id)
  },

  async 'where Azure finds no room for it, a machine on demand takes its place, and the next start tries again'() {
    const { id, name } = await here.created()
    const mend = here.spoil({
      fault: 'capacity',
      code: 'AllocationFailed',
      match: { operation: 'Microsoft.Compute/virtualMachines/write', path: `/${name}-worker-0$`, times: 1 },
    })
    const { end, cluster } = await added(id, spot(100, true))
    expect(cluster?.errorMessage ?? end).toBe('running')
    expect(machine(`${name}-worker-0`)?.priority).not.toBe('Spot')
    expect((await here.api.cluster(id))?.clusterConfiguration.workers).toMatchObject([spot(100, true)])
    mend()
    await here.stopped(id)
    await here.api.call('PUT', `/api/clusters/${id}/start`)
    expect((await waitFor(here.api, id, 'run')).end).toBe('running')
    expect(machine(`${name}-worker-0`)?.priority).toBe('Spot')
    await here.terminated(id)
  },
})

test('without the quota for spot machines one on demand is made where that is allowed, and nothing where it is not', async () => {
  const { id, name } = await here.created()
  await here.turn('quota', { name: 'lowPriorityCores', limit: 0 })
  expect((await added(id, spot(100, true))).end).toBe('running')
  expect(machine(`${name}-worker-0`)?.priority).not.toBe('Spot')
  const { end, cluster } = await added(id, spot(100, false))
  expect([end, cluster?.errorMessage]).toEqual(['worker-error', expect.stringMatching(/quota/i)])
  expect(machine(`${name}-worker-1`)).toBeUndefined()
  await here.turn('quota', { name: 'lowPriorityCores', limit: null })
  await here.terminated(id)
}, 60_000)
