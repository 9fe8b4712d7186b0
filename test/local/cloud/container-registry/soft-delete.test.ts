import type { FakeClock } from '../../../../local/clock.ts'
import { DAY, type RegistryWorld, sha256, standingRegistryWorld } from './registry-world.ts'

let world: RegistryWorld
let clock: FakeClock
beforeAll(async () => {
  const policies = { softDeletePolicy: { status: 'enabled', retentionDays: 30 } }
  ;({ world, clock } = await standingRegistryWorld({ properties: { policies } }))
})
afterAll(() => world.stop())

const get = (path: string) => world.send('GET', path)

test('what was deleted is listed, and comes back under its tag, pulled as before', async () => {
  const digest = await world.push('team/app', 'v1')
  await world.send('DELETE', `/v2/team/app/manifests/${digest}`)
  expect((await get('/v2/team/app/manifests/v1')).status).toBe(404)
  expect((await get('/acr/v1/_deleted/_catalog')).body.repositories).toMatchObject([
    { repository: 'team/app', deletedAt: expect.any(String) },
  ])
  expect((await get('/acr/v1/_deleted/team/app/_manifests')).body.manifests).toMatchObject([{ digest, tags: ['v1'] }])
  expect((await get('/acr/v1/_deleted/team/app/_tags')).body.tags).toMatchObject([{ tag: 'v1', digest }])
  const restored = await world.send('POST', `/acr/v1/_deleted/team/app/_manifests/${digest}`, { body: { tag: 'v1' } })
  expect(restored.status).toBe(200)
  expect(sha256((await get('/v2/team/app/manifests/v1')).bytes)).toBe(digest)
  expect((await get('/acr/v1/_deleted/team/app/_manifests')).body.manifests).toEqual([])
})

test('a digest that is kept as deleted is not pushed again', async () => {
  const digest = await world.push('blocked', 'v1')
  await world.send('DELETE', `/v2/blocked/manifests/${digest}`)
  await expect(world.push('blocked', 'v1')).rejects.toThrow('REGISTRY_DISALLOWED_OPERATION')
})

test('a tag that another image has by now is taken from it only by force', async () => {
  const digest = await world.push('app', 'latest', { layer: 'old' })
  await world.send('DELETE', `/v2/app/manifests/${digest}`)
  await world.push('app', 'latest', { layer: 'new' })
  const path = `/acr/v1/_deleted/app/_manifests/${digest}`
  expect((await world.send('POST', path, { body: { tag: 'latest' } })).status).toBe(405)
  expect((await world.send('POST', `${path}?force=True`, { body: { tag: 'latest' } })).status).toBe(200)
  expect((await get('/v2/app/manifests/latest')).headers['docker-content-digest']).toBe(digest)
  expect((await world.send('POST', path, { body: {} })).status).toBe(404)
})

test('after the days that the policy has by then it is gone for good', async () => {
  const digest = await world.push('purged', 'v1')
  await world.send('DELETE', `/v2/purged/manifests/${digest}`)
  const kept = async () => (await get('/acr/v1/_deleted/purged/_manifests')).body.manifests.length
  clock.advance(20 * DAY)
  expect(await kept()).toBe(1)
  await world.arm('PATCH', '', { properties: { policies: { softDeletePolicy: { retentionDays: 10 } } } })
  clock.advance(1.5 * DAY)
  expect(await kept()).toBe(0)
  expect(await world.push('purged', 'v1')).toBe(digest)
})
