import { until } from '../../until.ts'
import { type Answer, createRequest, type WireCluster } from '../api.ts'
import { WAITERS, waitFor } from '../waiters.ts'
import { sideBySide, stage } from './stage.ts'

const here = stage()

const call = (id: string, what: 'stop' | 'start' | 'delete') =>
  what === 'delete' ? here.api.call('DELETE', `/api/clusters/${id}`) : here.api.call('PUT', `/api/clusters/${id}/${what}`)

/** One call is let through, the others are told of a conflict. */
function oneWinner(answers: readonly Answer<unknown>[]): void {
  expect(answers.map(({ code }) => code).sort()).toEqual([202, ...answers.slice(1).map(() => 409)])
  for (const { code, message, error } of answers.filter(({ code }) => code === 409))
    expect({ code, message, error }).toMatchObject({ message: expect.stringMatching(/./), error: { code: 'conflict' } })
}

const kindsOf = async (id: string) => (await here.api.operations(id)).map(({ kind }) => kind)

/** A deletion comes before the other call, or after it and takes its place. */
async function deletionWins(cluster: WireCluster, other: Answer<unknown>, deletion: Answer<unknown>): Promise<void> {
  const { id } = cluster
  expect(deletion.code).toBe(202)
  expect([202, 409]).toContain(other.code)
  await here.gone(cluster)
  // What was overtaken has settled, or was never there.
  for (const operation of await here.api.operations(id))
    expect(['succeeded', 'cancelled']).toContain((await here.settled(operation.id)).state)
}

sideBySide({
  async 'stop and stop'() {
    const { id } = await here.created()
    oneWinner(await Promise.all([call(id, 'stop'), call(id, 'stop'), call(id, 'stop')]))
    expect((await waitFor(here.api, id, 'stop')).end).toBe('stopped')
    expect(await kindsOf(id)).toEqual(['stop-cluster', 'create-cluster'])
    await here.terminated(id)
  },

  async 'start and start'() {
    const { id } = await here.created()
    await here.stopped(id)
    oneWinner(await Promise.all([call(id, 'start'), call(id, 'start')]))
    expect((await waitFor(here.api, id, 'run')).end).toBe('running')
    expect(await kindsOf(id)).toEqual(['start-cluster', 'stop-cluster', 'create-cluster'])
    await here.terminated(id)
  },

  async 'stop and delete'() {
    const cluster = await here.created()
    const [stop, deletion] = await Promise.all([call(cluster.id, 'stop'), call(cluster.id, 'delete')])
    await deletionWins(cluster, stop, deletion)
  },

  async 'start and delete'() {
    const cluster = await here.created()
    await here.stopped(cluster.id)
    const [start, deletion] = await Promise.all([call(cluster.id, 'start'), call(cluster.id, 'delete')])
    await deletionWins(cluster, start, deletion)
  },

  async 'delete and delete'() {
    const cluster = await here.created()
    const { id } = cluster
    const answers = await Promise.all([call(id, 'delete'), call(id, 'delete')])
    expect(answers.map(({ code }) => code)).toEqual([202, 202])
    await here.gone(cluster)
    expect(await kindsOf(id)).toEqual(['delete-cluster', 'create-cluster'])
  },

  async 'the same name, asked for five times'() {
    const request = createRequest(here.small())
    const answers = await Promise.all(Array.from({ length: 5 }, () => here.api.call<{ id: string }>('POST', '/api/clusters', request)))
    oneWinner(answers)
    const id = answers.find(({ code }) => code === 202)?.payload.id ?? ''
    const { payload } = await here.api.call<{ clusters: WireCluster[] }>('GET', '/api/clusters')
    expect(payload.clusters.filter(({ name }) => name === request.cluster.name).map((cluster) => cluster.id)).toEqual([id])
    expect((await waitFor(here.api, id, 'run')).end).toBe('running')
    await here.terminated(id)
  },

  async 'the same retry, asked for twice'() {
    const { id, operation, mend } = await here.notCreated()
    mend()
    const retry = () => here.api.call('POST', `/api/operations/${operation}/retry`)
    oneWinner(await Promise.all([retry(), retry()]))
    expect((await waitFor(here.api, id, 'run')).end).toBe('running')
    await here.terminated(id)
  },

  async 'retry and delete of a failed cluster'() {
    const cluster = await here.notCreated()
    const { id, operation, mend } = cluster
    mend()
    const [retry, deletion] = await Promise.all([here.api.call('POST', `/api/operations/${operation}/retry`), call(id, 'delete')])
    expect(deletion.code).toBe(202)
    expect([202, 409]).toContain(retry.code)
    await here.gone(cluster)
    expect(['failed', 'cancelled']).toContain((await here.settled(operation)).state)
  },

  async 'a call in the middle of an operation is told what goes on'() {
    const id = await here.api.create(here.small())
    for (const what of ['stop', 'start'] as const)
      expect(await call(id, what)).toMatchObject({
        code: 409,
        message: 'cluster is pending',
        error: { remedy: expect.stringContaining('Wait') },
      })
    const legal = new Set([...WAITERS.run.pending, 'running'])
    await until(async () => {
      const state = (await here.api.cluster(id))?.state ?? ''
      expect(legal).toContain(state)
      return state === 'running'
    }, 60)
    await here.terminated(id)
  },
})
