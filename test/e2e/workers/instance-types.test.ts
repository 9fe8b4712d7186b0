import { sideBySide, stage } from '../journeys/stage.ts'
import { waitFor } from '../waiters.ts'

const here = stage()

const modify = (id: string, nodeType: string, instanceType: string, query = '') =>
  here.api.call('PUT', `/api/clusters/${id}/nodes/modify-instance-type${query}`, { nodeInfo: { nodeType, instanceType } })

const sizeOf = (name: string) => {
  const machine = [...here.inventory().values()].find((resource) => /virtualMachines$/i.test(resource.type) && resource.name === name)
  return (machine?.properties.hardwareProfile as { vmSize: string } | undefined)?.vmSize
}

async function started(id: string) {
  expect(await here.api.call('PUT', `/api/clusters/${id}/start`)).toMatchObject({ code: 202 })
  return waitFor(here.api, id, 'run')
}

const group = (instanceType: string, count: number) => ({ instanceType, diskSize: 128, count, arrowFlight: false })

sideBySide({
  async 'the nodes of a stopped cluster get another size, and have it once it runs'() {
    const { id, name } = await here.created({
      ronDB: {
        allInOne: false,
        mgmd: group('Standard_D2s_v4', 1),
        ndbd: group('Standard_D2s_v4', 2),
        mysqld: group('Standard_D2s_v4', 1),
        api: group('Standard_D2s_v4', 1),
      },
    })
    expect(await modify(id, 'head', 'Standard_D4s_v4')).toMatchObject({ code: 400, error: { remedy: 'Stop the cluster first.' } })
    await here.stopped(id)
    expect(await modify(id, 'head', 'Standard_D4s_v4', '?dryRun=true')).toMatchObject({
      code: 200,
      payload: { plan: { touches: [expect.stringContaining(`${name}-master`)] } },
    })
    expect(await here.api.cluster(id)).toMatchObject({ clusterConfiguration: { head: { instanceType: 'Standard_D2s_v4' } } })

    // One apply sends them without a pause, and the start after them.
    for (const type of ['head', 'rondb_data', 'rondb_mysql', 'rondb_api'])
      expect(await modify(id, type, 'Standard_D4s_v4')).toMatchObject({ code: 200 })
    const D4 = { instanceType: 'Standard_D4s_v4' }
    expect(await here.api.cluster(id)).toMatchObject({
      state: 'stopped',
      activationState: 'startable',
      clusterConfiguration: { head: D4 },
      ronDB: { mgmd: { instanceType: 'Standard_D2s_v4' }, ndbd: D4, mysqld: D4, api: D4 },
    })
    expect(sizeOf(`${name}-master`)).toBe('Standard_D2s_v4')
    expect((await started(id)).end).toBe('running')
    for (const node of ['master', 'ndb-ndbd-0', 'ndb-ndbd-1', 'mysqld-0', 'ndb-api-0'])
      expect(sizeOf(`${name}-${node}`)).toBe('Standard_D4s_v4')
    expect(sizeOf(`${name}-ndb-mgm-0`)).toBe('Standard_D2s_v4')
    await here.terminated(id)
  },

  async 'a size that Azure has no room for fails the start, and another one or a retry goes on'() {
    const { id, name } = await here.created()
    await here.stopped(id)
    expect(await modify(id, 'rondb_aio', 'Standard_E4s_v4')).toMatchObject({ code: 400, error: { field: 'nodeInfo.instanceType' } })
    expect(await modify(id, 'head', 'Standard_D4s_v4')).toMatchObject({ code: 200 })
    const mend = here.spoil({ fault: 'capacity', match: { operation: 'Microsoft.Compute/virtualMachines/write', path: `/${name}-master` } })
    const { end, cluster } = await started(id)
    expect([end, cluster?.activationState]).toEqual(['error', 'startable'])
    mend()
    expect((await started(id)).end).toBe('running')
    expect(sizeOf(`${name}-master`)).toBe('Standard_D4s_v4')
    await here.terminated(id)
  },

  async 'where Azure refuses a size the former one can be chosen again, and the start that failed is not retried'() {
    const { id, name } = await here.created()
    await here.stopped(id)
    expect(await modify(id, 'head', 'Standard_D4s_v4')).toMatchObject({ code: 200 })
    const mend = here.spoil({ fault: 'capacity', match: { operation: 'Microsoft.Compute/virtualMachines/write', path: `/${name}-master` } })
    expect((await started(id)).end).toBe('error')
    const { id: operation } = await here.latestOperation(id)
    await here.settled(operation)
    mend()
    expect(await modify(id, 'head', 'Standard_D2s_v4')).toMatchObject({ code: 200 })
    const head = { instanceType: 'Standard_D2s_v4' }
    expect(await here.api.cluster(id)).toMatchObject({ state: 'error', activationState: 'startable', clusterConfiguration: { head } })
    expect(await here.api.call('POST', `/api/operations/${operation}/retry`)).toMatchObject({
      code: 409,
      error: { code: 'conflict', remedy: expect.stringContaining('/start') },
    })
    expect((await started(id)).end).toBe('running')
    expect(sizeOf(`${name}-master`)).toBe('Standard_D2s_v4')
    await here.terminated(id)
  },

  async 'what a failed start has left running takes another size at the next one, and can be stopped'() {
    const worker = { instanceType: 'Standard_D2s_v4', diskSize: 256, count: 1 }
    const head = { instanceType: 'Standard_D2s_v4', diskSize: 256, haEnabled: false }
    const { id, name } = await here.created({ clusterConfiguration: { head, workers: [worker] } })
    await here.stopped(id)
    here.spoil({ fault: 'capacity', match: { operation: 'Microsoft.Compute/virtualMachines/write', path: `/${name}-worker` } })
    const failed = async () => {
      expect((await started(id)).end).toBe('error')
      await here.settled((await here.latestOperation(id)).id)
    }
    await failed()
    expect(await modify(id, 'head', 'Standard_E4s_v4')).toMatchObject({ code: 200 })
    await failed()
    expect(sizeOf(`${name}-master`)).toBe('Standard_E4s_v4')
    await here.stopped(id)
    await here.terminated(id)
  },

  async 'the sizes of a location are listed for each type of node, the smallest first'() {
    type Types = {
      azure: Record<string, { id: string; cpus: number; memory: number; withNVMe: boolean }[]> & { ronDB: Record<string, object[]> }
    }
    const list = (query: string) => here.api.call<Types>('GET', `/api/clusters/nodes/supported-types${query}`)
    const { code, payload } = await list('?cloud=AZURE&region=northeurope')
    expect(code).toBe(200)
    const { head = [], worker = [], ronDB } = payload.azure
    expect(head).toContainEqual({ id: 'Standard_D8_v3', cpus: 8, memory: 32, withNVMe: false })
    expect(worker).toContainEqual({ id: 'Standard_L8s_v2', cpus: 8, memory: 64, withNVMe: true })
    expect(worker.map(({ cpus, memory }) => cpus * 1e6 + memory)).toEqual(
      worker.map(({ cpus, memory }) => cpus * 1e6 + memory).sort((a, b) => a - b),
    )
    expect(Object.keys(ronDB).sort()).toEqual(['api', 'mgmd', 'mysqld', 'ndbd'])
    for (const types of Object.values(ronDB)) expect(types.length).toBeGreaterThan(10)
    expect((await list('')).payload.azure.head).toEqual(head)
    expect(await list('?cloud=AWS')).toMatchObject({ code: 400, error: { field: 'cloud' } })
    expect(await list('?region=atlantis')).toMatchObject({ code: 400, error: { field: 'region' } })
    expect(await list('?region=North%20Europe')).toMatchObject({ code: 400, error: { field: 'region' } })
  },

  async 'what cannot be resized is said so'() {
    const id = await here.api.create(here.small())
    expect(await modify(id, 'worker', 'Standard_D4s_v4')).toMatchObject({
      code: 400,
      message: expect.stringContaining('modifying instance type for worker is not supported'),
    })
    expect(await modify(id, 'janitor', 'Standard_D4s_v4')).toMatchObject({ code: 400, error: { field: 'nodeInfo.nodeType' } })
    expect(await modify(id, 'head', 'D4%')).toMatchObject({ code: 400, error: { field: 'nodeInfo.instanceType' } })
    expect(await modify(id, 'head', 'Standard_D4s_v4')).toMatchObject({ code: 409 })
    expect(await modify('01932c5e-0000-7000-8000-000000000000', 'head', 'Standard_D4s_v4')).toMatchObject({ code: 404 })
    await here.terminated(id)
  },
})
