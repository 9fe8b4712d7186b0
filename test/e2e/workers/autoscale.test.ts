import { until } from '../../until.ts'
import { sideBySide, stage } from '../journeys/stage.ts'
import { waitFor } from '../waiters.ts'

const here = stage()

const D4 = { instanceType: 'Standard_D4s_v4', diskSize: 256 }
const D2 = { instanceType: 'Standard_D2s_v4', diskSize: 256 }
/** Down at once as far as one can see here. */
const limits = { minWorkers: 0, maxWorkers: 3, standbyWorkers: 0.5, downscaleWaitTime: 2 }
const nonGpu = { ...D4, ...limits }

const configure = (id: string, autoscale: object, query = '') =>
  here.api.call('POST', `/api/clusters/${id}/autoscale${query}`, { autoscale: { nonGpu: autoscale } })

const load = (cluster: string, vcores: number) =>
  fetch(`${here.world.cloud.url}/_slipway/load`, {
    method: 'PUT',
    body: JSON.stringify({ cluster, vcores, memoryMB: 0 }),
  })

/** A minute goes by; the simulated Azure runs so much faster that nobody wants to wait for it. */
async function tick(): Promise<void> {
  const { status } = await fetch(`${here.world.host.url}/admin/functions/autoscale-clusters`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  expect(status).toBe(202)
}

const managed = async (id: string) => {
  const cluster = await here.api.cluster(id)
  const groups = (cluster?.managedWorkers ?? []) as readonly { count: number }[]
  return { state: cluster?.state, count: groups.reduce((sum, { count }) => sum + count, 0), cluster }
}

/** Minutes go by until the cluster has so many workers that scale, and is at rest. */
const scaledTo = (id: string, wanted: number) =>
  until(async () => {
    await tick()
    const { state, count } = await managed(id)
    return state === 'running' && count === wanted
  }, 60)

const kindsOf = async (id: string) => (await here.api.operations(id)).map(({ kind }) => kind)

sideBySide({
  async 'workers follow the load of a cluster that was created to scale, within its limits'() {
    const { id, name } = await here.created({ autoscale: { nonGpu } })
    expect(await here.api.cluster(id)).toMatchObject({ autoscale: { nonGpu }, managedWorkers: [], clusterConfiguration: { workers: [] } })
    await load(name, 6)
    await scaledTo(id, 2)
    expect((await managed(id)).cluster).toMatchObject({ clusterConfiguration: { workers: [] }, managedWorkers: [{ ...D4, count: 2 }] })
    await load(name, 600)
    await scaledTo(id, 3)
    await load(name, 0)
    await scaledTo(id, 0)
    // The cluster shows its end a moment before the operation does.
    for (const { id: operation } of await here.api.operations(id)) expect((await here.settled(operation)).state).toBe('succeeded')
    await here.terminated(id)
  },

  async 'workers of the size become managed, others stay, and all stay once scaling is disabled'() {
    const { id, name } = await here.created()
    const add = (workers: readonly object[]) => here.api.call('POST', `/api/clusters/${id}/workers`, { workers })
    expect(
      await add([
        { ...D4, count: 2 },
        { ...D2, count: 1 },
      ]),
    ).toMatchObject({ code: 202 })
    await waitFor(here.api, id, 'run')
    await load(name, 5)
    expect(await configure(id, { ...nonGpu, minWorkers: 3, downscaleWaitTime: 3600 })).toMatchObject({ code: 200 })
    // Terraform waits for the cluster from here on.
    expect(await waitFor(here.api, id, 'run')).toMatchObject({ end: 'running' })
    await scaledTo(id, 3)
    expect((await managed(id)).cluster).toMatchObject({
      clusterConfiguration: { workers: [{ ...D2, count: 1 }] },
      managedWorkers: [{ count: 3 }],
    })
    const remove = (worker: object) => here.api.call('DELETE', `/api/clusters/${id}/workers`, { workers: [worker] })
    expect(await remove({ ...D4, count: 1 })).toMatchObject({ code: 400, error: { field: 'workers.0.count' } })
    // What is added by hand meanwhile is no worker that scales, whatever its size.
    expect(await add([{ ...D4, count: 1 }])).toMatchObject({ code: 202 })
    expect(await waitFor(here.api, id, 'run')).toMatchObject({ end: 'running' })
    expect((await managed(id)).cluster).toMatchObject({
      clusterConfiguration: {
        workers: [
          { ...D2, count: 1 },
          { ...D4, count: 1 },
        ],
      },
      managedWorkers: [{ count: 3 }],
    })
    expect(await remove({ ...D4, count: 2 })).toMatchObject({ code: 400, error: { field: 'workers.0.count' } })
    expect(await remove({ ...D2, count: 1 })).toMatchObject({ code: 202 })
    await waitFor(here.api, id, 'run')

    expect(await here.api.call('DELETE', `/api/clusters/${id}/autoscale`)).toMatchObject({ code: 200 })
    const disabled = await here.api.cluster(id)
    expect(disabled).toMatchObject({ clusterConfiguration: { workers: [{ ...D4, count: 4 }] } })
    expect(disabled).not.toHaveProperty('autoscale')
    const before = await kindsOf(id)
    await load(name, 0)
    await tick()
    expect(await kindsOf(id)).toEqual(before)
    await here.terminated(id)
  },

  async 'a cluster that scales can be stopped at any time, and goes on when it starts'() {
    const { id, name } = await here.created({ autoscale: { nonGpu } })
    await load(name, 6)
    await until(async () => {
      await tick()
      return (await kindsOf(id)).includes('autoscale-workers')
    })
    await here.stopped(id)
    await tick()
    expect((await here.api.cluster(id))?.state).toBe('stopped')
    await here.api.call('PUT', `/api/clusters/${id}/start`)
    expect(await waitFor(here.api, id, 'run')).toMatchObject({ end: 'running' })
    await scaledTo(id, 2)
    await here.terminated(id)
  },

  async 'a configuration that makes no sense is refused, and a dry run changes nothing'() {
    const { id } = await here.created()
    expect(await configure(id, { ...nonGpu, minWorkers: 4 })).toMatchObject({ code: 400, error: { field: 'autoscale.nonGpu.maxWorkers' } })
    expect(await configure(id, { ...nonGpu, standbyWorkers: -1 })).toMatchObject({
      code: 400,
      error: { field: 'autoscale.nonGpu.standbyWorkers' },
    })
    expect(await configure(id, { ...nonGpu, instanceType: 'Standard_X1' })).toMatchObject({
      code: 400,
      error: { field: 'autoscale.nonGpu.instanceType' },
    })
    expect(await here.api.call('POST', `/api/clusters/${id}/autoscale`, { autoscale: {} })).toMatchObject({
      code: 400,
      error: { field: 'autoscale.nonGpu' },
    })
    expect(await configure(id, nonGpu, '?dryRun=true')).toMatchObject({ code: 200, payload: { plan: {} } })
    expect(await here.api.cluster(id)).not.toHaveProperty('autoscale')
    expect(await configure('01932c5e-0000-7000-8000-000000000000', nonGpu)).toMatchObject({ code: 404 })
    await here.terminated(id)
  },
})
