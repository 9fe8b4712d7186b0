import { sideBySide, stage } from '../journeys/stage.ts'
import { waitFor } from '../waiters.ts'

const here = stage()

const D2 = { instanceType: 'Standard_D2s_v4', diskSize: 256 }
const D4 = { instanceType: 'Standard_D4_v3', diskSize: 512 }

const workers = (method: 'POST' | 'DELETE', id: string, groups: readonly object[], query = '') =>
  here.api.call(method, `/api/clusters/${id}/workers${query}`, { workers: groups })

const groupsOf = async (id: string) => (await here.api.cluster(id))?.clusterConfiguration.workers

/** Asks, and waits as the provider does. */
async function changed(method: 'POST' | 'DELETE', id: string, groups: readonly object[], first: string): Promise<readonly string[]> {
  expect(await workers(method, id, groups)).toMatchObject({ code: 202 })
  expect((await here.api.cluster(id))?.state).toBe(first)
  const { end, seen, cluster } = await waitFor(here.api, id, 'run')
  expect(cluster?.errorMessage ?? end).toBe('running')
  return seen
}

const machines = (name: string) =>
  [...here.inventory().values()]
    .filter((resource) => /virtualMachines$/i.test(resource.type) && resource.name.startsWith(`${name}-worker-`))
    .map((resource) => resource.name)
    .sort()

sideBySide({
  async 'workers of several sizes come and go, down to none'() {
    const { id, name } = await here.created()
    const started = (await here.api.cluster(id))?.startedOn
    await changed(
      'POST',
      id,
      [
        { ...D2, count: 2 },
        { ...D4, count: 1 },
      ],
      'worker-pending',
    )
    expect(await groupsOf(id)).toEqual([
      { ...D2, count: 2, privateIps: [expect.any(String), expect.any(String)] },
      { ...D4, count: 1, privateIps: [expect.any(String)] },
    ])
    expect(machines(name)).toEqual([`${name}-worker-0`, `${name}-worker-1`, `${name}-worker-2`])
    await changed('POST', id, [{ ...D2, count: 1 }], 'worker-pending')
    expect(await groupsOf(id)).toMatchObject([{ count: 3 }, { count: 1 }])

    const seen = await changed('DELETE', id, [{ ...D2, count: 1 }], 'worker-decommissioning')
    expect(seen).not.toContain('worker-error')
    expect(await groupsOf(id)).toMatchObject([{ count: 2 }, { count: 1 }])
    await changed(
      'DELETE',
      id,
      [
        { ...D2, count: 2 },
        { ...D4, count: 1 },
      ],
      'worker-decommissioning',
    )
    expect(await groupsOf(id)).toEqual([])
    expect(machines(name)).toEqual([])
    expect((await here.world.ledger(id)).filter((entry) => entry.includes('worker'))).toEqual([])
    expect((await here.api.cluster(id))?.startedOn).toBe(started)
    await here.terminated(id)
  },

  async 'a removal that names no spot price means spot workers where there are no others'() {
    const spotInfo = { maxPrice: 100, fallBackOnDemand: true }
    const { id } = await here.created()
    await changed(
      'POST',
      id,
      [
        { ...D2, count: 2, spotInfo },
        { ...D2, count: 1 },
      ],
      'worker-pending',
    )
    await changed('DELETE', id, [{ ...D2, count: 2 }], 'worker-decommissioning')
    expect(await groupsOf(id)).toMatchObject([{ ...D2, count: 1, spotInfo }])
    expect(await workers('DELETE', id, [{ ...D2, count: 1, spotInfo: { ...spotInfo, maxPrice: 10 } }])).toMatchObject({
      code: 400,
      error: { field: 'workers.0.count' },
    })
    await changed('DELETE', id, [{ ...D2, count: 1, spotInfo }], 'worker-decommissioning')
    expect(await groupsOf(id)).toEqual([])
    await here.terminated(id)
  },

  async 'workers whose head does not answer go all the same once their time is up'() {
    const { id, name } = await here.created()
    await changed('POST', id, [{ ...D2, count: 2 }], 'worker-pending')
    const mend = here.spoil({ match: { path: `/${name}-master` }, fault: 'agent-silent' })
    await changed('DELETE', id, [{ ...D2, count: 1 }], 'worker-decommissioning')
    mend()
    expect(machines(name)).toEqual([`${name}-worker-0`])
    await here.terminated(id)
  },

  async 'what makes no sense is refused, and a dry run does nothing'() {
    const { id, name } = await here.created()
    expect(await workers('POST', id, [])).toMatchObject({ code: 400, error: { field: 'workers' } })
    expect(await workers('POST', id, [{ ...D2, count: 0 }])).toMatchObject({ code: 400, error: { field: 'workers' } })
    expect(await workers('POST', id, [{ ...D2, count: -1 }])).toMatchObject({ code: 400, error: { field: 'workers.0.count' } })
    expect(await workers('POST', id, [{ ...D2, count: 1000 }, D2])).toMatchObject({ code: 400, error: { field: 'workers' } })
    expect(await workers('DELETE', id, [{ ...D2, count: 1 }])).toMatchObject({ code: 400, error: { field: 'workers.0.count' } })
    expect(await workers('POST', id, [{ ...D2, count: 2 }], '?dryRun=true')).toMatchObject({
      code: 200,
      payload: { plan: expect.any(Object) },
    })
    expect(await here.api.cluster(id)).toMatchObject({ state: 'running', clusterConfiguration: { workers: [] } })
    expect(machines(name)).toEqual([])
    expect(await workers('POST', '01932c5e-0000-7000-8000-000000000000', [D2])).toMatchObject({ code: 404 })

    await here.stopped(id)
    expect(await workers('POST', id, [D2])).toMatchObject({ code: 400, error: { remedy: 'Start the cluster first.' } })
    await here.terminated(id)
  },

  async 'workers that Azure has no room for leave the others at work, and can be given up or tried again'() {
    const { id, name } = await here.created()
    await changed('POST', id, [{ ...D2, count: 1 }], 'worker-pending')
    const remove = here.spoil({
      match: { operation: 'Microsoft.Compute/virtualMachines/write', path: `${name}-worker-1` },
      fault: 'capacity',
    })
    expect(await workers('POST', id, [{ ...D2, count: 2 }])).toMatchObject({ code: 202 })
    const { end, cluster } = await waitFor(here.api, id, 'run')
    expect(end).toBe('worker-error')
    expect(cluster).toMatchObject({ activationState: 'stoppable', errorMessage: expect.stringContaining('az vm list-skus') })
    remove()
    // Of those that are missing one is given up; the other one is still owed.
    expect(await workers('DELETE', id, [{ ...D2, count: 1 }])).toMatchObject({ code: 202 })
    expect(await waitFor(here.api, id, 'run')).toMatchObject({
      end: 'worker-error',
      cluster: { errorMessage: expect.stringContaining(`${name}-worker-1`), activationState: 'stoppable' },
    })
    await changed('POST', id, [{ ...D2, count: 1 }], 'worker-pending')
    expect(await groupsOf(id)).toMatchObject([{ ...D2, count: 3 }])
    expect(machines(name)).toHaveLength(3)
    await here.terminated(id)
  },

  async 'a cancelled addition takes back what it made and leaves the cluster running'() {
    const { id, name } = await here.created()
    expect(await workers('POST', id, [{ ...D2, count: 2 }])).toMatchObject({ code: 202 })
    const [operation] = await here.api.operations(id)
    expect(await here.api.call('POST', `/api/operations/${operation?.id}/cancel`)).toMatchObject({ code: 202 })
    expect(await waitFor(here.api, id, 'run')).toMatchObject({ end: 'running' })
    expect(await groupsOf(id)).toEqual([])
    expect(machines(name)).toEqual([])
    await here.terminated(id)
  },

  async 'of calls at once one wins, and the others are told of the conflict'() {
    const { id } = await here.created()
    const answers = await Promise.all([
      workers('POST', id, [{ ...D2, count: 1 }]),
      workers('POST', id, [{ ...D4, count: 1 }]),
      here.api.call('PUT', `/api/clusters/${id}/stop`),
    ])
    expect(answers.map(({ code }) => code).sort()).toEqual([202, 409, 409])
    await waitFor(here.api, id, answers[2].code === 202 ? 'stop' : 'run')
    await here.terminated(id)
  },

  async 'workers that were added are made again when a stopped cluster starts, and go when it is deleted on the way'() {
    const { id, name } = await here.created()
    await changed('POST', id, [{ ...D2, count: 1 }], 'worker-pending')
    await here.stopped(id)
    expect(machines(name)).toEqual([])
    await here.api.call('PUT', `/api/clusters/${id}/start`)
    expect(await waitFor(here.api, id, 'run')).toMatchObject({ end: 'running' })
    expect(machines(name)).toEqual([`${name}-worker-0`])
    expect(await workers('DELETE', id, [{ ...D2, count: 1 }])).toMatchObject({ code: 202 })
    await here.terminated(id)
  },
})
