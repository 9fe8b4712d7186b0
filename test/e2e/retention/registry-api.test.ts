import { randomBytes } from 'node:crypto'
import { connectStorage } from '../../../shared/storage/connection.ts'
import { until } from '../../until.ts'
import type { Answer } from '../api.ts'
import { everything, type PolicyGiven, type RegistryUnderTest, type RetentionWorld, retentionWorld } from './retention-world.ts'

let world: RetentionWorld
let registry: RegistryUnderTest
beforeAll(async () => {
  world = await retentionWorld()
  registry = await world.registry('asked', { sku: 'Premium' })
}, 300_000)
afterAll(() => world?.end())

const call = (method: string, path: string, body?: unknown) => world.api.call<Record<string, never>>(method, `/api/registries${path}`, body)
const own = (method: string, rest = '', body?: unknown) => call(method, `/${registry.id}${rest}`, body)
const shown = async () => (await own('GET')).payload
const onward = (path: string) => Buffer.from(path).toString('base64url')
const fieldOf = ({ status, error }: Answer) => [status, error?.field]

describe('a policy', () => {
  const rule = { name: 'rule' }
  test.each<[string, object]>([
    ['mode', { mode: 'delete' }],
    ['schedule.cron', { schedule: { cron: 'every day' } }],
    ['schedule.cron', { schedule: { cron: '0 3 31 2 *' } }],
    ['schedule.cron', { schedule: { cron: '0 0 3 * * *' } }],
    ['schedule.timeZone', { schedule: { cron: '0 3 * * *', timeZone: 'Middle/Earth' } }],
    ['rules.0.include.0', { rules: [{ ...rule, include: ['Team/[a-z]'] }] }],
    ['rules.0.include', { rules: [{ ...rule, include: [] }] }],
    ['rules.0.exclude', { rules: [{ ...rule, exclude: Array(101).fill('a') }] }],
    ['rules.0.untaggedDays', { rules: [{ ...rule, untaggedDays: -1 }] }],
    ['rules.0.minimumAgeDays', { rules: [{ ...rule, minimumAgeDays: 'one' }] }],
    ['rules.0.keepNewest', { rules: [{ ...rule, keepNewest: 1.5 }] }],
    ['rules.0.name', { rules: [{}] }],
    ['rules', { rules: [rule, rule] }],
    ['rules', { rules: Array.from({ length: 51 }, (_, index) => ({ name: `${index}` })) }],
    ['excludeRepositories.0', { excludeRepositories: ['a b'] }],
    ['protectedDigests.0', { protectedDigests: ['latest'] }],
    ['protectedDigests', { protectedDigests: Array(5_001).fill(`sha256:${'0'.repeat(64)}`) }],
    ['protectedAnnotations.0.name', { protectedAnnotations: [{ value: 'x' }] }],
    ['backlog', { backlog: 'never' }],
    ['brake.share', { brake: { share: 1.1 } }],
    ['brake.manifests', { brake: { manifests: 0 } }],
  ])('is refused for its %s, and nothing changes: %#', async (field, policy) => {
    const before = await shown()
    expect(fieldOf(await own('PUT', '/policy', policy))).toEqual([400, field])
    expect(fieldOf(await own('PUT', '/policy?dryRun=true', policy))).toEqual([400, field])
    expect(fieldOf(await own('PATCH', '/policy', policy))).toEqual([400, field])
    expect(fieldOf(await call('POST', '', { loginServer: 'another.azurecr.io', policy }))).toEqual([400, `policy.${field}`])
    expect(await shown()).toEqual(before)
  })

  test('is shown as it would be, and only then set', async () => {
    const before = await shown()
    const policy = { mode: 'enforce', rules: [everything], schedule: { cron: '30 2 * * 1-5', timeZone: 'Europe/Stockholm' } }
    const would = await own('PUT', '/policy?dryRun=true', policy)
    expect([would.status, await shown()]).toEqual([200, before])
    const set = await own('PUT', '/policy', policy)
    expect(set.payload).toEqual(would.payload)
    expect((await own('GET', '/policy')).payload).toEqual(set.payload)
  })

  test('keeps the members that a change does not name; set as a whole it loses them', async () => {
    const policyOf = async () =>
      (await world.api.call<{ policy: PolicyGiven }>('GET', `/api/registries/${registry.id}/policy`)).payload.policy
    const digests = Array.from({ length: 5_000 }, () => `sha256:${randomBytes(32).toString('hex')}`)
    await own('PUT', '/policy', { mode: 'enforce', protectedDigests: digests, backlog: 'push-time', schedule: null })
    const before = await policyOf()
    expect(before.protectedDigests).toEqual(digests)
    const stopped = { ...before, mode: 'preview' }
    const would = await own('PATCH', '/policy?dryRun=true', { mode: 'preview' })
    expect([would.status, would.payload, await policyOf()]).toEqual([200, { policy: stopped }, before])
    expect((await own('PATCH', '/policy', { mode: 'preview' })).payload).toEqual({ policy: stopped })
    expect(await policyOf()).toEqual(stopped)
    expect((await own('PATCH', '/policy', {})).payload).toEqual({ policy: stopped })
    expect(fieldOf(await own('PATCH', '/policy', { pause: true }))).toEqual([400, 'body'])
    await own('PUT', '/policy', { mode: 'preview' })
    expect(await policyOf()).toMatchObject({ protectedDigests: [], backlog: 'first-seen', schedule: { cron: '0 3 * * *' } })
  })
})

test.each<[string, object]>([
  ['armId', {}],
  ['armId', { armId: 'example', loginServer: undefined }],
  ['loginServer', { loginServer: 'registry.example.com' }],
  ['loginServer', { loginServer: 'example.azurecr.io@evil.example' }],
  ['sku', { loginServer: 'example.azurecr.io', sku: 'Free' }],
  ['username', { loginServer: 'example.azurecr.io', authentication: 'basic' }],
  ['password', { loginServer: 'example.azurecr.io', password: 'secret' }],
  ['accountId', { loginServer: 'example.azurecr.io', accountId: 'nobody' }],
  ['body', { loginServer: 'example.azurecr.io', colour: 'red' }],
])('a registry is not adopted with a wrong %s: %j', async (field, body) => {
  expect(fieldOf(await call('POST', '', body))).toEqual([400, field])
})

test('a registry is not adopted twice, nor one that is not there', async () => {
  expect((await call('POST', '', { armId: registry.armId })).status).toBe(409)
  expect((await call('POST', '', { loginServer: 'ASKED.azurecr.io' })).status).toBe(409)
  expect(fieldOf(await call('POST', '', { armId: registry.armId.replace('asked', 'absent') }))).toEqual([400, 'armId'])
})

test('how to sign in is changed and changed back; a password lies in the secret store alone', async () => {
  const before = await shown()
  expect(fieldOf(await own('PATCH', '', { authentication: 'basic', password: 'x' }))).toEqual([400, 'username'])
  expect(fieldOf(await own('PATCH', '', { authentication: 'basic', username: 'x' }))).toEqual([400, 'password'])
  expect(fieldOf(await own('PATCH', '', { password: 'x' }))).toEqual([400, 'password'])
  expect(fieldOf(await own('PATCH', '', { retired: true }))).toEqual([400, 'retired'])
  const basic = { authentication: 'basic', username: registry.user, password: registry.password }
  expect((await own('PATCH', '?dryRun=true', basic)).payload).toMatchObject({ registry: { authentication: 'basic' } })
  expect(await shown()).toEqual(before)

  const changed = await own('PATCH', '', basic)
  expect(changed.payload).toMatchObject({ registry: { authentication: 'basic', username: registry.user } })
  expect((await own('GET', '/repositories')).status).toBe(200)
  expect(JSON.stringify(changed)).not.toContain(registry.password)
  let rows = ''
  for await (const row of connectStorage({ connectionString: world.storage })('slipwayregistries').listEntities())
    rows += JSON.stringify(row)
  expect(rows).toContain('asked.azurecr.io')
  expect(rows).not.toContain(registry.password)

  await own('PATCH', '', { password: 'wrong' })
  expect(await own('GET', '/repositories')).toMatchObject({ status: 409, error: { code: 'permission' } })
  await own('PATCH', '', { authentication: 'entra' })
  expect((await own('GET', '/repositories')).status).toBe(200)
  expect(await shown()).toEqual(before)
})

test('the policy of the registry itself is set through ARM, where there is one', async () => {
  const ask = () => own('GET', '/built-in-policy')
  const enabled = { days: 30, status: 'enabled' }
  expect(fieldOf(await own('PUT', '/built-in-policy', { days: 366, status: 'enabled' }))).toEqual([400, 'days'])
  expect(fieldOf(await own('PUT', '/built-in-policy', { days: 7, status: 'on' }))).toEqual([400, 'status'])
  expect((await own('PUT', '/built-in-policy?dryRun=true', enabled)).payload).toMatchObject({ policy: enabled })
  expect((await ask()).payload).toMatchObject({ policy: { days: 7, status: 'disabled' } })
  expect((await own('PUT', '/built-in-policy', enabled)).error).toMatchObject({
    code: 'permission',
    action: 'Microsoft.ContainerRegistry/registries/write',
  })
  await world.assign(registry, 'Contributor')
  await until(async () => (await own('PUT', '/built-in-policy', enabled)).status === 200)
  expect((await ask()).payload).toMatchObject({ policy: { supported: true, ...enabled, softDelete: { status: 'disabled' } } })
  const { body } = await world.arm('GET', `${registry.armId}?api-version=2023-07-01`)
  expect(body).toMatchObject({ properties: { policies: { retentionPolicy: enabled, softDeletePolicy: { status: 'disabled' } } } })

  await own('PUT', '/built-in-policy', { days: 0, status: 'disabled' })
  expect((await ask()).payload).toMatchObject({ policy: { days: 0, status: 'disabled' } })
  const soft = { properties: { policies: { softDeletePolicy: { status: 'enabled' } } } }
  await world.arm('PATCH', `${registry.armId}?api-version=2023-07-01`, soft)
  await until(async () => JSON.stringify((await ask()).payload).includes('"softDelete":{"status":"enabled"'))
  expect(await own('PUT', '/built-in-policy', enabled)).toMatchObject({ status: 409, error: { code: 'conflict', field: 'status' } })
})

test('a registry of a smaller SKU has no policy of its own, and one without its ARM id shows nothing of Azure', async () => {
  const small = await world.registry('small', { sku: 'Basic' })
  expect((await call('GET', `/${small.id}/built-in-policy`)).payload).toMatchObject({ policy: { supported: false } })
  expect((await call('PUT', `/${small.id}/built-in-policy`, { days: 7, status: 'enabled' })).error?.code).toBe('unsupported')
  const { payload } = await world.api.call<{ registry: { id: string } }>('POST', '/api/registries', { loginServer: 'nowhere.azurecr.io' })
  const { error } = await call('GET', `/${payload.registry.id}/storage`)
  expect(error).toMatchObject({ code: 'unsupported', remedy: expect.stringContaining('az acr show') })
  expect(await call('GET', `/${payload.registry.id}/repositories`)).toMatchObject({ status: expect.any(Number), error: expect.anything() })
})

test('a registry is forgotten with its history, not while a run is at work, and stays as it is in Azure', async () => {
  const target = await world.registry('forgotten')
  await target.seed('app', { tag: 'v' }, { count: 3 })
  await target.run()
  await target.send('PUT', '/_slipway/knobs', { body: { latencyMs: 300 }, as: null })
  const run = await target.start()
  expect((await call('DELETE', `/${target.id}`)).status).toBe(409)
  expect((await call('DELETE', `/${target.id}?dryRun=true`)).status).toBe(409)
  await target.send('PUT', '/_slipway/knobs', { body: {}, as: null })
  await target.ended(run)
  await until(async () => (await call('DELETE', `/${target.id}?dryRun=true`)).status === 200)
  expect((await call('GET', `/${target.id}`)).status).toBe(200)
  expect((await call('DELETE', `/${target.id}`)).status).toBe(200)
  for (const rest of ['', '/runs', `/runs/${run}`, '/policy']) expect((await call('GET', `/${target.id}${rest}`)).status).toBe(404)
  expect((await call('DELETE', `/${target.id}`)).status).toBe(404)
  expect(await target.digests('app')).toHaveLength(4)
  expect((await call('POST', '', { armId: target.armId })).status).toBe(201)
  expect((await call('GET', `/${target.id}/runs`)).payload).toEqual({ runs: [] })
})

test.each([
  ['GET', '/repositories?limit=0', 'limit'],
  ['GET', '/manifests', 'repository'],
  ['GET', '/tags?repository=Bad/../name', 'repository'],
  ['GET', '/manifests?repository=app&continuation=YQ', 'continuation'],
  ['GET', `/manifests?repository=app&continuation=${onward('/acr/v1/other/_manifests?n=1')}`, 'continuation'],
  ['GET', `/manifests?repository=app&continuation=${onward('/acr/v1/app/_manifests?last=a b')}`, 'continuation'],
  ['GET', `/tags?repository=app&continuation=${onward('/acr/v1/app/_tags%3Flast=a')}`, 'continuation'],
  ['GET', `/repositories?continuation=${onward('/acr/v1/_catalog?last=\u{1f433}')}`, 'continuation'],
  ['POST', '/runs', 'brakeOff'],
])('%s %s names %s', async (method, path, field) => {
  expect(fieldOf(await own(method, path, method === 'POST' ? { brakeOff: 'yes' } : undefined))).toEqual([400, field])
})

test.each(['nothing', '0123456789abcdef', "a'b"])('there is no registry %s', async (id) => {
  expect((await call('GET', `/${id}`)).status).toBe(404)
  expect((await call('POST', `/${id}/runs`, {})).status).toBe(404)
})
