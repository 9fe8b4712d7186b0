import { type ClusterWorld, clusterWorld } from '../../cluster-world.ts'
import { waitFor } from '../../e2e/waiters.ts'

let world: ClusterWorld
beforeAll(async () => {
  world = await clusterWorld()
}, 60_000)
afterAll(() => world?.end())

const actionOf = async (id: string, action: string) =>
  (await world.api.cluster(id))?.allowedActions.find((found) => found.action === action)

test('a restarted cluster runs again with the machines it had, and a locked one is deleted only by its name', async () => {
  const { api } = world
  const id = await api.create()
  expect(await api.call('PUT', `/api/clusters/${id}/restart`)).toMatchObject({ code: 409 })
  await waitFor(api, id, 'run')
  const whole = world.resources()

  expect(await api.call('PUT', `/api/clusters/${id}/restart?dryRun=true`)).toMatchObject({
    payload: { plan: { touches: expect.arrayContaining([expect.stringContaining('demo-master')]) } },
  })
  expect((await api.cluster(id))?.state).toBe('running')
  expect(await api.call('PUT', `/api/clusters/${id}/restart`)).toMatchObject({ code: 202 })
  expect((await api.cluster(id))?.state).toBe('starting')
  const { end, seen } = await waitFor(api, id, 'run')
  expect(end).toBe('running')
  expect(seen).toContain('starting-hopsworks')
  expect(world.resources()).toEqual(whole)

  expect(await api.call('PUT', `/api/clusters/${id}/lock?dryRun=true`)).toMatchObject({ code: 200, payload: { plan: { steps: {} } } })
  expect(await api.cluster(id)).toMatchObject({ locked: false })
  expect(await api.call('PUT', `/api/clusters/${id}/lock`)).toMatchObject({ code: 200 })
  expect(await api.cluster(id)).toMatchObject({ locked: true, activationState: 'stoppable' })
  expect(await actionOf(id, 'delete')).toMatchObject({
    allowed: false,
    reason: 'cluster is locked',
    remedy: expect.stringContaining('confirm'),
  })
  for (const query of ['', '?confirm=other', '?dryRun=true'])
    expect(await api.call('DELETE', `/api/clusters/${id}${query}`)).toMatchObject({ code: 409, message: 'cluster is locked' })
  expect(await api.call('DELETE', `/api/clusters/${id}/lock`)).toMatchObject({ code: 200 })
  expect(await actionOf(id, 'delete')).toEqual({ action: 'delete', allowed: true })
  await api.call('PUT', `/api/clusters/${id}/lock`)

  expect(await api.call('DELETE', `/api/clusters/${id}?confirm=demo`)).toMatchObject({ code: 202 })
  expect(await waitFor(api, id, 'delete')).toMatchObject({ end: 'gone' })
  expect(await api.call('PUT', `/api/clusters/${id}/lock`)).toMatchObject({ code: 404 })
}, 60_000)
