import { accountEndpoints } from '../../../functions/accounts/http.ts'
import { accountSecret } from '../../../shared/accounts/account.ts'
import { claimName, freeName } from '../../../shared/clusters/name-store.ts'
import { newKey } from '../../../shared/keys/key.ts'
import { insertRegistry, registryIdOf, removeRegistry } from '../../../shared/registries/registry-store.ts'
import { policySchema } from '../../../shared/retention/policy.ts'
import { connectStorage } from '../../../shared/storage/connection.ts'
import { createTables } from '../../../shared/storage/tables.ts'
import { testServices } from '../../services.ts'
import { type Asked, frontDoorClient } from '../../shared/http/front-door-client.ts'

const key = newKey()
const SUBSCRIPTION = '00000000-0000-0000-0000-0000000000aa'
const OTHER = '00000000-0000-0000-0000-0000000000bb'
const services = testServices({ SLIPWAY_FIRST_KEY: key, SLIPWAY_SUBSCRIPTION_ID: SUBSCRIPTION })
const ask = frontDoorClient(services)

async function call(name: string, { headers = {}, ...asked }: Asked = {}) {
  const endpoint = accountEndpoints.find((known) => known.name === `accounts-${name}`)
  if (!endpoint) throw new Error(name)
  return ask(endpoint, { ...asked, headers: { 'x-api-key': key, ...headers } })
}

const principal = { name: 'second', subscriptionId: OTHER, tenantId: OTHER, credential: 'client-secret', clientId: OTHER }

async function connected(changes: object = {}) {
  const { status, envelope } = await call('create', { body: { ...principal, clientSecret: 'first secret', ...changes } })
  expect(status).toBe(201)
  return envelope.payload?.account as { id: string }
}

test('the subscription of the settings is an account that only the settings change', async () => {
  const { envelope } = await call('list')
  expect(envelope.payload).toMatchObject({ accounts: [{ id: 'default', subscriptionId: SUBSCRIPTION, fromSettings: true }] })
  const params = { accountId: 'default' }
  expect((await call('update', { params, body: principal })).envelope).toMatchObject({ code: 409, error: { code: 'conflict' } })
  expect((await call('delete', { params })).envelope).toMatchObject({ code: 409, error: { code: 'conflict' } })
})

test('an account is connected, renamed and disconnected; its secret is in the secret store alone', async () => {
  const { id } = await connected()
  expect(await services.secrets.get(accountSecret(id))).toBe('first secret')

  const renamed = await call('update', { params: { accountId: id }, body: { ...principal, name: 'renamed' } })
  expect(renamed.envelope).toMatchObject({ code: 200, payload: { account: { id, name: 'renamed', fromSettings: false } } })
  expect(await services.secrets.get(accountSecret(id))).toBe('first secret')
  await call('update', { params: { accountId: id }, body: { ...principal, clientSecret: 'second secret' } })
  expect(await services.secrets.get(accountSecret(id))).toBe('second secret')

  let rows = ''
  const { storageConnectionString = '' } = services.settings
  for await (const row of connectStorage({ connectionString: storageConnectionString })('slipwayaccounts').listEntities())
    rows += JSON.stringify(row)
  expect(rows).toContain(id)
  expect(rows + (await call('list')).text).not.toMatch(/(first|second) secret/)

  expect((await call('delete', { params: { accountId: id } })).status).toBe(200)
  expect((await call('read', { params: { accountId: id } })).envelope).toMatchObject({ code: 404 })
  expect(await services.secrets.get(accountSecret(id))).toBeUndefined()
})

test('a secret goes when the account signs in without one', async () => {
  const { id } = await connected()
  const { clientId: _, ...identity } = { ...principal, credential: 'managed-identity' }
  expect((await call('update', { params: { accountId: id }, body: identity })).status).toBe(200)
  expect(await services.secrets.get(accountSecret(id))).toBeUndefined()
})

test('an account that clusters use is not disconnected, and keeps its subscription', async () => {
  const { id } = await connected()
  const world = {
    tables: createTables(connectStorage({ connectionString: services.settings.storageConnectionString ?? '' }), 'slipway'),
    clock: services.clock,
  }
  await claimName(world, id, 'demo', 'cluster')
  for (const query of [{ dryRun: 'true' }, {}])
    expect((await call('delete', { params: { accountId: id }, query })).envelope).toMatchObject({
      code: 409,
      message: expect.stringContaining('use the account'),
    })
  const elsewhere = { ...principal, subscriptionId: SUBSCRIPTION }
  expect((await call('update', { params: { accountId: id }, body: elsewhere })).envelope).toMatchObject({ code: 409 })
  await freeName(world, id, 'demo', 'cluster')
  expect((await call('delete', { params: { accountId: id }, query: { dryRun: 'true' } })).status).toBe(200)
  expect((await call('read', { params: { accountId: id } })).status).toBe(200)
  expect((await call('delete', { params: { accountId: id } })).status).toBe(200)
})

test.each([
  ['subscriptionId', { subscriptionId: 'mine' }],
  ['tenantId', { tenantId: undefined }],
  ['clientId', { credential: 'workload-identity', clientId: undefined, clientSecret: undefined }],
  ['identityClientId', { credential: 'workload-identity', clientSecret: undefined }],
  ['identityClientId', { identityClientId: OTHER }],
  ['clientSecret', { credential: 'managed-identity' }],
  ['clientSecret', { clientSecret: undefined }],
  ['name', { name: ' ' }],
])('what cannot be right is refused with the name of the field: %s', async (field, changes) => {
  const { envelope } = await call('create', { body: { ...principal, clientSecret: 'first secret', ...changes } })
  expect(envelope).toMatchObject({ code: 400, error: { field } })
  expect(JSON.stringify(envelope)).not.toContain('first secret')
})

test('a dry run connects nothing', async () => {
  const before = (await call('list')).text
  expect((await call('create', { query: { dryRun: 'true' }, body: { ...principal, clientSecret: 'x' } })).status).toBe(200)
  expect((await call('list')).text).toBe(before)
})

test('only administrators connect subscriptions', () => {
  expect(accountEndpoints.filter(({ method }) => method !== 'GET').map(({ role }) => role)).toEqual(Array(6).fill('admin'))
})

test('an account that keeps a registry clean is not disconnected', async () => {
  const { id } = await connected()
  const registry = await insertRegistry(services, {
    id: registryIdOf('spotless.azurecr.io'),
    name: 'spotless',
    loginServer: 'spotless.azurecr.io',
    accountId: id,
    authentication: 'entra',
    policy: policySchema.parse({}),
    createdOn: 0,
    scheduledFrom: 0,
  })
  expect((await call('delete', { params: { accountId: id } })).envelope).toMatchObject({ code: 409 })
  await removeRegistry(services, registry.id)
  expect((await call('delete', { params: { accountId: id } })).status).toBe(200)
})
