import { until } from '../../until.ts'
import { atOnce, everything, type RetentionWorld, retentionWorld } from './retention-world.ts'

let world: RetentionWorld
beforeAll(async () => {
  world = await retentionWorld()
}, 300_000)
afterAll(() => world?.end())

test('a new registry begins in preview: a run deletes nothing and says what it would delete, and why it keeps the rest', async () => {
  const registry = await world.registry('previewed')
  const old = { ...everything, untaggedDays: 7, minimumAgeDays: 1 }
  await registry.policy({ rules: [old], schedule: null, backlog: 'push-time', brake: { manifests: 100, share: 1 } })
  await registry.seed('app', { tag: 'v', platforms: 2 }, { count: 3, age: 30 }, { count: 2, age: 3 }, { age: 30, locked: true }, { age: 0 })
  const before = await registry.digests('app')
  const run = await registry.run()
  expect(run).toMatchObject({ mode: 'preview', state: 'succeeded', totals: { listed: 10, candidates: 3, deleted: 0 } })
  expect(await registry.digests('app')).toEqual(before)
  const reasons = (await registry.report(run.id)).map(({ decision, reason, outcome }) => `${decision} ${reason} ${outcome}`).sort()
  expect(reasons).toEqual([
    ...Array(3).fill('delete untagged planned'),
    'keep child kept',
    'keep child kept',
    'keep locked kept',
    'keep waiting kept',
    'keep waiting kept',
    'keep young kept',
  ])
  const csv = await fetch(`${world.host.url}/api/registries/${registry.id}/runs/${run.id}/report.csv`, {
    headers: { 'x-api-key': world.api.key },
  })
  expect(csv.headers.get('content-type')).toContain('text/csv')
  expect((await csv.text()).split('\r\n')).toHaveLength(1 + 9 + 1)
})

test('what was untagged before the first run waits its days from that run on, unless the policy says otherwise', async () => {
  const registry = await world.registry('firstseen')
  await registry.seed('app', { tag: 'v' }, { count: 5, age: 30 })
  await registry.policy({ mode: 'enforce', schedule: null })
  expect((await registry.run()).totals).toMatchObject({ candidates: 0, deleted: 0 })
  // Whoever chooses so after the first look is heeded as well.
  await registry.policy({ mode: 'enforce', schedule: null, backlog: 'push-time' })
  expect((await registry.run()).totals).toMatchObject({ candidates: 5, deleted: 5 })
})

test('a repository from which too much would be deleted is left alone until somebody says so', async () => {
  const registry = await world.registry('braked', { policy: { ...atOnce, brake: { manifests: 2, share: 1 } } })
  await registry.seed('app', { tag: 'v' }, { count: 3 })
  expect(await registry.run()).toMatchObject({ state: 'incomplete', totals: { candidates: 3, deleted: 0, held: 1 } })
  await registry.policy({ ...atOnce, brake: { manifests: 100, share: 0.7 } })
  expect(await registry.run()).toMatchObject({ state: 'incomplete', totals: { candidates: 3, deleted: 0, held: 1 } })
  expect(await registry.run({ dryRun: true, brakeOff: true })).toMatchObject({ totals: { candidates: 3, deleted: 0, held: 0 } })
  expect(await registry.run({ brakeOff: true })).toMatchObject({ state: 'succeeded', totals: { deleted: 3 } })
})

test('what gets a tag between listing and deletion stays, and can be pulled', async () => {
  const registry = await world.registry('retagged', { policy: atOnce, sku: 'Premium' })
  await registry.seed('app', { count: 300 }, { tag: 'v' })
  const preview = await registry.report((await registry.run({ dryRun: true })).id)
  const last =
    preview
      .flatMap(({ decision, digest }) => (decision === 'delete' ? [digest] : []))
      .sort()
      .at(-1) ?? ''
  // A pause after the first deletions.
  world.cloud.setFaults({ rules: [{ match: { method: 'DELETE', path: '/v2/app', times: 1 }, fault: 'throttle', retryAfter: 4 }] })
  const run = await registry.start()
  await until(async () => (await registry.digests('app')).length < 301)
  world.cloud.setFaults({ rules: [] })
  const manifest = await registry.send('GET', `/v2/app/manifests/${last}`)
  const headers = { 'Content-Type': String(manifest.headers['content-type']) }
  expect((await registry.send('PUT', '/v2/app/manifests/back', { body: manifest.bytes, headers })).status).toBe(201)
  expect(await registry.ended(run)).toMatchObject({ state: 'succeeded', totals: { candidates: 300, deleted: 299, spared: 1 } })
  expect((await registry.report(run)).find(({ digest }) => digest === last)).toMatchObject({ decision: 'delete', outcome: 'retagged' })
  await world.skopeo(registry).copy('docker://retagged.azurecr.io/app:back', `dir:${world.home}/back`)
})

test('types that nobody knows and bodies that cannot be read keep what they might need, and are told', async () => {
  const registry = await world.registry('strange', { policy: atOnce })
  await registry.seed('app', { count: 2, mediaType: 'application/vnd.example.new+json' }, { count: 3 }, { tag: 'v' })
  await registry.seed('ghosts', { count: 1, ghost: true }, { count: 2 }, { tag: 'v' })
  const run = await registry.run()
  const lines = (await registry.report(run.id)).map(({ repository, reason, outcome }) => `${repository} ${reason} ${outcome}`)
  expect(new Set(lines)).toEqual(
    new Set(['app unknown-type kept', 'app untagged deleted', 'ghosts unreadable kept', 'ghosts untagged planned']),
  )
  expect(run).toMatchObject({ state: 'incomplete', totals: { deleted: 3, held: 1 } })
})

test('the second run over an unchanged registry reads a hundredth of what the first one read', async () => {
  const registry = await world.registry('unchanged', { policy: atOnce, sku: 'Premium' })
  for (const repository of ['a', 'b']) await registry.seed(repository, { count: 50, tag: 'v', platforms: 2 }, { count: 250 })
  const reads = async (work: () => Promise<unknown>) => {
    const before = readsOf(world)
    await work()
    return readsOf(world) - before
  }
  const first = await reads(() => registry.run())
  const second = await reads(async () => expect((await registry.run()).totals).toMatchObject({ unchanged: 2, deleted: 0 }))
  expect(first).toBeGreaterThan(800)
  expect(second / first).toBeLessThan(0.01)
  await registry.push('a', 'v0', { layer: 'moves the tag' })
  expect((await registry.run()).totals).toMatchObject({ unchanged: 1, deleted: 3 })
})

test('one run at a time works on a registry; rules choose repositories; a vanished repository is told', async () => {
  const rules = [{ name: 'keep', include: ['release/**'], action: 'keep' as const }, everything]
  const registry = await world.registry('ruled', { policy: { ...atOnce, rules } })
  for (const repository of ['release/app', 'app', 'gone']) await registry.seed(repository, { tag: 'v' }, { count: 2 })
  await registry.send('PUT', '/_slipway/knobs', { body: { latencyMs: 100 }, as: null })
  const first = await registry.start()
  const second = await world.api.call('POST', `/api/registries/${registry.id}/runs`, {})
  expect(second).toMatchObject({ status: 409, error: { code: 'conflict' } })
  expect((await registry.ended(first)).totals).toMatchObject({ deleted: 4 })
  expect(await registry.digests('release/app')).toHaveLength(3)
  await registry.send('DELETE', '/acr/v1/gone')
  expect(await registry.run()).toMatchObject({ vanished: ['gone'], vanishedCount: 1 })
})

test('repositories, manifests, tags, storage and the built-in policy are shown, page by page', async () => {
  const registry = await world.registry('contents', { sku: 'Premium' })
  await registry.seed('team/app', { count: 3, tag: 'v' }, { count: 2, locked: true })
  const ask = async (path: string) => (await world.api.call<Record<string, never>>('GET', `/api/registries/${registry.id}/${path}`)).payload
  expect(await ask('repositories')).toMatchObject({ repositories: [{ name: 'team/app', manifestCount: 5, tagCount: 3, locked: false }] })
  const page = (await ask('manifests?repository=team/app&limit=3')) as unknown as { manifests: unknown[]; continuation?: string }
  const rest = (await ask(`manifests?repository=team/app&limit=3&continuation=${page.continuation}`)) as unknown as typeof page
  expect([page.manifests.length, rest.manifests.length, rest.continuation]).toEqual([3, 2, undefined])
  expect([...page.manifests, ...rest.manifests].filter((manifest) => (manifest as { locked: boolean }).locked)).toHaveLength(2)
  expect(await ask('tags?repository=team/app')).toMatchObject({ tags: [{ name: 'v0' }, { name: 'v1' }, { name: 'v2' }] })
  expect(await ask('storage')).toMatchObject({ used: expect.any(Number), included: expect.any(Number) })
  expect(await ask('built-in-policy')).toMatchObject({ policy: { supported: true } })
  expect((await world.api.call('GET', `/api/registries/${registry.id}/tags?repository=nowhere`)).status).toBe(404)
})

describe('events', () => {
  const send = async (event: object) => {
    const answer = await fetch(`${world.host.url}/runtime/webhooks/eventgrid?functionName=registry-events&code=any`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'aeg-event-type': 'Notification' },
      body: JSON.stringify([
        { id: crypto.randomUUID(), eventTime: new Date().toISOString(), dataVersion: '1.0', subject: 'x', topic: 'x', ...event },
      ]),
    })
    return answer.status
  }
  const resource = (operation: string, armId: string) => ({
    eventType: `Microsoft.Resources.Resource${operation === 'delete' ? 'Delete' : 'Write'}Success`,
    data: { resourceUri: armId, operationName: `Microsoft.ContainerRegistry/registries/${operation}`, claims: { name: 'somebody' } },
  })
  const listed = async (name: string) => {
    const { registries } = (
      await world.api.call<{ registries: readonly { name: string; id: string; retiredOn?: number }[] }>('GET', '/api/registries')
    ).payload
    return registries.filter((registry) => registry.name === name)
  }

  test('a registry that asks for it by a tag is adopted once, and retired when it is removed; late and repeated events change nothing', async () => {
    const wanted = await world.made('enrolled', { tags: { 'slipway-retention': 'true' } })
    const other = await world.made('notasked')
    await until(async () => {
      // A role takes effect a while after it was assigned; until then the event is delivered again.
      const answers = await Promise.all([wanted, other, wanted].map(({ armId }) => send(resource('write', armId))))
      return answers.every((status) => status === 202)
    })
    expect(await listed('enrolled')).toEqual([expect.objectContaining({ policy: expect.objectContaining({ mode: 'preview' }) })])
    expect(await listed('notasked')).toEqual([])
    expect(await send(resource('delete', wanted.armId))).toBe(202)
    expect((await listed('enrolled'))[0]?.retiredOn).toBeUndefined()
    await world.arm('DELETE', `${wanted.armId}?api-version=2023-07-01`)
    await until(async () => {
      await send(resource('write', wanted.armId))
      return (await listed('enrolled'))[0]?.retiredOn
    })
  })
})

/** What registries were asked for so far: lists and bodies of manifests, repositories. */
function readsOf({ cloud }: RetentionWorld): number {
  const { requests } = cloud.state() as { requests: Readonly<Record<string, Readonly<Record<string, number>>>> }
  const reads = Object.entries(requests).filter(([operation]) => /registries\/(pullManifest|list\w+|read\w+)$/.test(operation))
  return reads.flatMap(([, statuses]) => Object.values(statuses)).reduce((sum, count) => sum + count, 0)
}
