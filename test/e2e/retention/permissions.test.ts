import { until } from '../../until.ts'
import { adopted, atOnce, type RegistryUnderTest, type RetentionWorld, retentionWorld } from './retention-world.ts'

let world: RetentionWorld
beforeAll(async () => {
  world = await retentionWorld()
}, 300_000)
afterAll(() => world?.end())

const byRepository = { properties: { roleAssignmentMode: 'AbacRepositoryPermissions' } }
const resultsOf = async (registry: RegistryUnderTest, run: string) => {
  const path = `/api/registries/${registry.id}/runs/${run}/repositories`
  type Result = { repository: string; result: string; problem?: { code: string; message: string; remedy?: string } }
  return (await world.api.call<{ repositories: readonly Result[] }>('GET', path)).payload.repositories
}

test('a registry whose permissions are those of repositories is cleaned with the roles that the documentation names', async () => {
  const roles = ['Reader', 'Container Registry Repository Contributor', 'Container Registry Repository Catalog Lister'] as const
  const registry = await world.registry('byrepository', { ...byRepository, roles, policy: atOnce })
  const repositories = Array.from({ length: 25 }, (_, index) => `team/app${index}`)
  for (const repository of repositories) await registry.seed(repository, { tag: 'v', platforms: 2 }, { count: 2, platforms: 1 })
  const preview = await registry.run({ dryRun: true })
  expect(preview).toMatchObject({ state: 'succeeded', totals: { repositories: 25, candidates: 100, deleted: 0 } })
  const run = await registry.run()
  expect(run).toMatchObject({ state: 'succeeded', totals: { deleted: 100, failed: 0 } })
  const digests = async (id: string) =>
    (await registry.report(id)).filter(({ decision }) => decision === 'delete').map(({ digest }) => digest)
  expect((await digests(run.id)).sort()).toEqual((await digests(preview.id)).sort())
  expect((await world.api.call('GET', `/api/registries/${registry.id}/tags?repository=team/app0`)).payload).toMatchObject({
    tags: [{ name: 'v0' }],
  })
})

test('where the app may work on some repositories only, these are cleaned and the others are told', async () => {
  const registry = await world.registry('conditional', {
    ...byRepository,
    roles: ['Reader', 'Container Registry Repository Catalog Lister'],
    policy: atOnce,
  })
  const name = '@Request[Microsoft.ContainerRegistry/registries/repositories:name]'
  const actions = ['content/read', 'content/delete', 'metadata/read'].map(
    (action) => `!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/${action}'})`,
  )
  const condition = `((${actions.join(' AND ')}) OR (${name} StringStartsWithIgnoreCase 'team/'))`
  await world.assign(registry, 'Container Registry Repository Contributor', condition)
  for (const repository of ['other', 'team/app']) await registry.seed(repository, { tag: 'v' }, { count: 2 })
  await until(async () => (await world.api.call('GET', `/api/registries/${registry.id}/tags?repository=team/app`)).status === 200)
  const run = await registry.run()
  expect(run).toMatchObject({ state: 'incomplete', totals: { deleted: 2, failedRepositories: 1 } })
  expect(await resultsOf(registry, run.id)).toMatchObject([
    { repository: 'other', result: 'failed', problem: { code: 'permission', remedy: expect.stringContaining('Repository Contributor') } },
    { repository: 'team/app', result: 'cleaned' },
  ])
  await registry.policy({ ...atOnce, excludeRepositories: ['other'] })
  expect((await registry.run()).state).toBe('succeeded')
})

test('a run that loses its rights says so and ends; with them back the next one goes on', async () => {
  const registry = await world.made('abandoned', { sku: 'Premium', roles: ['Reader', 'AcrPull'] })
  const takeAway = await world.assign(registry, 'AcrDelete')
  const { payload } = await world.api.call<{ registry: { id: string } }>('POST', '/api/registries', {
    armId: registry.armId,
    policy: atOnce,
  })
  const target = adopted(world.api, payload.registry.id)
  await until(async () => (await world.api.call('GET', `/api/registries/${target.id}/repositories`)).status === 200)
  for (const repository of ['a', 'b']) await registry.seed(repository, { tag: 'v' }, { count: 300 })
  await registry.send('PUT', '/_slipway/knobs', {
    body: { latencyMs: 250, tokenSeconds: { access: 2 } },
    as: null,
  })
  const id = await target.start()
  await until(async () => (await registry.digests('a')).length < 301)
  await takeAway()
  const run = await target.ended(id)
  expect(run).toMatchObject({ state: 'incomplete', totals: { candidates: 600, spared: 0 } })
  const { deleted, failed } = run.totals ?? { deleted: 0, failed: 0 }
  expect(deleted + failed).toBe(600)
  expect(failed).toBeGreaterThan(0)
  expect((await target.report(id)).find(({ outcome }) => outcome === 'failed')?.problem).toMatch(/refused to/)

  await registry.send('PUT', '/_slipway/knobs', { body: {}, as: null })
  await world.assign(registry, 'AcrDelete')
  await until(async () => (await target.run()).totals?.failed === 0)
  expect(await registry.digests('a')).toHaveLength(1)
  expect(await registry.digests('b')).toHaveLength(1)
}, 120_000)
