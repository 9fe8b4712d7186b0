import { TableClient, TableServiceClient } from '@azure/data-tables'
import { azureUsers } from '../../../shared/azure-users.ts'
import { type Feature, featureNames } from '../../../shared/permissions/features.ts'
import { controlPlaneRoles } from '../../../shared/permissions/roles.ts'
import { rsaLine } from '../../shared/accounts/ssh-lines.ts'
import type { WireOperation } from '../api.ts'
import { stage } from '../journeys/stage.ts'
import { accountWith, emptySubscription } from '../permissions/principals.ts'

const here = stage()
const subscription = () => `/subscriptions/${here.world.cloud.landingZone.subscriptionId}`
const group = () => `${subscription()}/resourceGroups/slipway`

async function connected(features: readonly Feature[] = featureNames, subscriptionId?: string): Promise<string> {
  const scopes = subscriptionId === undefined ? [subscription()] : [`/subscriptions/${subscriptionId}`]
  return accountWith(here.api, here.world.cloud, controlPlaneRoles(azureUsers, { features, scopes }), subscriptionId)
}

interface Draft {
  readonly plan: { readonly steps?: unknown }
  readonly resources: readonly string[]
  readonly permissions: readonly string[]
  readonly findings: readonly { readonly actions?: readonly string[]; readonly message: string; readonly remedy?: string }[]
  readonly price: { readonly perMonth: number; readonly currency: string }
}

const draft = (account: string, what: string, body: object) =>
  here.api.call<Draft>('POST', `/api/accounts/${account}/${what}?dryRun=true`, body)

async function ended(account: string, what: string, body: object): Promise<WireOperation> {
  const answer = await here.api.call<{ operation: string }>('POST', `/api/accounts/${account}/${what}`, body)
  expect(answer.code === 202 ? '' : answer.message).toBe('')
  return here.settled(answer.payload.operation)
}

const wanted = { resourceGroup: 'slipway', storageAccount: 'ourstorage', identity: 'our-identity', registry: 'ourregistry' }

test('what clusters are given is made as it was shown, the identity may do its work, and a second time nothing is left to make', async () => {
  const account = await connected()
  const before = here.inventory().size
  const shown = await draft(account, 'setup', wanted)
  expect(shown).toMatchObject({ code: 200, payload: { findings: [], price: { currency: 'USD', perMonth: expect.closeTo(50, -1) } } })
  expect(shown.payload.resources.map((id) => id.split('/').at(-1))).toEqual(
    expect.arrayContaining(['our-identity', 'ourstorage', 'ourregistry']),
  )
  expect(shown.payload.permissions).toContain('Microsoft.Authorization/roleAssignments/write')
  expect(here.inventory().size).toBe(before)

  expect(await ended(account, 'setup', wanted)).toMatchObject({ state: 'succeeded', subject: { type: 'account', id: account } })
  const made = (type: string, name: string) => here.inventory().get(`${group()}/providers/${type}/${name}`.toLowerCase())
  expect(made('Microsoft.Storage/storageAccounts', 'ourstorage')).toMatchObject({ tags: { 'slipway-account': account } })
  expect(made('Microsoft.ContainerRegistry/registries', 'ourregistry')).toMatchObject({
    envelope: { sku: { name: 'Premium' } },
    properties: { policies: { retentionPolicy: { days: 7, status: 'enabled' } } },
  })
  expect((await here.world.ledger(account)).filter((name) => name.startsWith('our'))).toEqual(['our-identity', 'ourregistry', 'ourstorage'])

  expect((await draft(account, 'setup', wanted)).payload).toMatchObject({ resources: [], permissions: [], price: { perMonth: 0 } })
  expect(await ended(account, 'setup', wanted)).toMatchObject({ state: 'succeeded' })

  const given = { managedIdentity: 'our-identity', storageAccount: 'ourstorage', acrRegistryName: 'ourregistry' }
  const { id } = await here.created(given)
  await here.terminated(id)
  for (const [type, name] of [
    ['Microsoft.Storage/storageAccounts', 'ourstorage'],
    ['Microsoft.ManagedIdentity/userAssignedIdentities', 'our-identity'],
    ['Microsoft.ContainerRegistry/registries', 'ourregistry'],
  ] as const)
    expect(made(type, name)).toBeDefined()
  expect((await here.api.call<{ operations: unknown[] }>('GET', `/api/accounts/${account}/operations`)).payload.operations).toHaveLength(2)
}, 60_000)

test('what is there already is not changed', async () => {
  const account = await connected()
  const { storageAccount, identity } = here.world.cloud.landingZone
  const before = here.inventory().get(`${group()}/providers/Microsoft.Storage/storageAccounts/${storageAccount}`.toLowerCase())
  const partly = { resourceGroup: 'slipway', storageAccount, identity: 'second-identity' }
  const { resources } = (await draft(account, 'setup', partly)).payload
  expect(resources.filter((id) => !id.includes('roleDefinitions'))).toEqual([expect.stringMatching(/second-identity$/)])
  expect(await ended(account, 'setup', partly)).toMatchObject({ state: 'succeeded' })
  expect(here.inventory().get(before?.id.toLowerCase() ?? '')).toEqual(before)
  expect((await draft(account, 'setup', { ...partly, identity })).payload.resources).toEqual([])
}, 60_000)

test('a permission that is missing is shown before, and told with its command when it is refused', async () => {
  const account = await connected(featureNames.filter((name) => name !== 'setup'))
  const names = { resourceGroup: 'slipway', storageAccount: 'refusedstorage', identity: 'refused-identity' }
  expect((await draft(account, 'setup', names)).payload.findings).toMatchObject([
    { actions: expect.arrayContaining(['Microsoft.Storage/storageAccounts/write', 'Microsoft.Authorization/roleAssignments/write']) },
  ])
  const failed = await ended(account, 'setup', { ...names, identity: here.world.cloud.landingZone.identity })
  expect(failed).toMatchObject({
    state: 'failed',
    problem: {
      code: 'permission',
      action: 'Microsoft.Storage/storageAccounts/write',
      remedy: expect.stringContaining('az role assignment create'),
    },
  })
}, 60_000)

test('a setup that was refused half-way goes on when it is retried', async () => {
  const account = await connected()
  const names = { resourceGroup: 'slipway', storageAccount: 'deniedstorage', identity: 'denied-identity' }
  const grant = here.spoil({ match: { operation: 'Microsoft.Storage/storageAccounts/write', path: '/deniedstorage' }, fault: 'deny' })
  const failed = await ended(account, 'setup', names)
  expect(failed).toMatchObject({ state: 'failed', problem: { code: 'permission' } })
  grant()
  expect(await here.api.call('POST', `/api/operations/${failed.id}/retry`)).toMatchObject({ code: 202 })
  expect(await here.settled(failed.id)).toMatchObject({ state: 'succeeded' })
  expect((await draft(account, 'setup', names)).payload.resources).toEqual([])
}, 60_000)

test('a name that somebody else has in Azure ends the setup with the reason, and leaves the account free for another', async () => {
  const account = await connected()
  const elsewhere = `${subscription()}/resourceGroups/network/providers/Microsoft.ContainerRegistry/registries/takenregistry`
  here.put(elsewhere, 'Microsoft.ContainerRegistry/registries')
  const taken = { ...wanted, registry: 'takenregistry' }
  expect(await ended(account, 'setup', taken)).toMatchObject({
    state: 'failed',
    problem: { code: 'conflict', message: expect.stringMatching(/taken/) },
  })
  expect(await ended(account, 'setup', { ...wanted, registry: 'freeregistry' })).toMatchObject({ state: 'succeeded' })
}, 60_000)

test('lost and failing answers of Azure delay a setup and do no harm', async () => {
  const account = await connected()
  const names = { resourceGroup: 'slipway', storageAccount: 'troubled', identity: 'troubled-identity', registry: 'troubledregistry' }
  const mend = ['lost-response', 'error', 'reset', 'throttle'].map((fault) =>
    here.spoil({ match: { path: '/troubled', probability: 0.3 }, fault: fault as 'error', retryAfter: 0 }),
  )
  // What is looked at before anything is started is not repeated by itself.
  const start = async (): Promise<string> => {
    const { code, payload } = await here.api.call<{ operation: string }>('POST', `/api/accounts/${account}/setup`, names)
    return code === 202 ? payload.operation : start()
  }
  expect(await here.settled(await start())).toMatchObject({ state: 'succeeded' })
  for (const heal of mend) heal()
  expect((await draft(account, 'setup', names)).payload.resources).toEqual([])
}, 60_000)

test('resource providers are registered, and only those of the features', async () => {
  const empty = emptySubscription(here.world.cloud)
  const account = await connected(featureNames, empty)
  const findings = async () =>
    (await here.api.call<{ findings: { check: string; message: string; remedy: string }[] }>('GET', `/api/accounts/${account}/check`))
      .payload.findings
  expect(await findings()).toContainEqual(
    expect.objectContaining({ check: 'providers', remedy: expect.stringContaining(`POST /api/accounts/${account}/providers`) }),
  )
  expect(JSON.stringify((await draft(account, 'providers', { features: ['backup'] })).payload.plan)).not.toContain('ContainerRegistry')
  expect((await draft(account, 'providers', {})).payload.permissions).toContain('Microsoft.Compute/register/action')
  expect(await ended(account, 'providers', {})).toMatchObject({ state: 'succeeded' })
  expect((await findings()).filter(({ check }) => check === 'providers')).toEqual([])
}, 60_000)

type Key = { readonly sshKey: { readonly id: string; readonly publicKey?: string; readonly privateKey?: string } }
const sshKey = (account: string, body: object, headers?: Record<string, string>, query = '') =>
  here.api.call<Key>('POST', `/api/accounts/${account}/ssh-keys${query}`, { resourceGroup: 'slipway', ...body }, headers)

test('a pasted public key becomes a resource, once, and machines can be made with it', async () => {
  const account = await connected()
  const line = rsaLine(2048)
  expect(await sshKey(account, { name: 'pasted', publicKey: line }, {}, '?dryRun=true')).toMatchObject({ status: 200 })
  expect(here.inventory().has(`${group()}/providers/Microsoft.Compute/sshPublicKeys/pasted`.toLowerCase())).toBe(false)
  expect(await sshKey(account, { name: 'pasted', publicKey: `${line}\n` })).toMatchObject({
    code: 201,
    payload: { sshKey: { publicKey: line } },
  })
  expect(await sshKey(account, { name: 'pasted', publicKey: rsaLine(2048) })).toMatchObject({ code: 409 })
  const { id } = await here.created({ sshKeyName: 'pasted' })
  await here.terminated(id)
}, 60_000)

/** All that the app has written to its tables, as text. */
async function everyRow(): Promise<string> {
  const rows: unknown[] = []
  const options = { allowInsecureConnection: true }
  for await (const { name = '' } of TableServiceClient.fromConnectionString(here.world.storage, options).listTables())
    for await (const row of TableClient.fromConnectionString(here.world.storage, name, options).listEntities()) rows.push(row)
  return JSON.stringify(rows)
}

test('a generated private key is shown once: not to a repeated request, and nowhere in what is stored', async () => {
  const account = await connected()
  const headers = { 'idempotency-key': crypto.randomUUID() }
  const first = await sshKey(account, { name: 'generated' }, headers)
  expect(first).toMatchObject({ code: 201, payload: { sshKey: { publicKey: expect.stringMatching(/^ssh-rsa /) } } })
  const { privateKey = '' } = first.payload.sshKey
  expect(privateKey).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/)
  const again = await sshKey(account, { name: 'generated' }, headers)
  expect(JSON.stringify(again)).not.toContain('PRIVATE KEY')
  expect(await sshKey(account, { name: 'generated' })).toMatchObject({ code: 409 })
  const kept = [...here.inventory().values()].find(({ name }) => name === 'generated')
  expect(kept?.properties.publicKey).toBe(first.payload.sshKey.publicKey)
  const [, secret = ''] = privateKey.split('\n')
  expect(secret).toHaveLength(64)
  const rows = await everyRow()
  expect(rows).toContain(account)
  expect(rows).not.toContain(secret)
}, 60_000)

test.each([
  ['storageAccount', 'setup', { ...wanted, storageAccount: 'No' }],
  ['resourceGroup', 'setup', { ...wanted, resourceGroup: 'nowhere' }],
  ['features.0', 'providers', { features: ['magic'] }],
  ['publicKey', 'ssh-keys', { resourceGroup: 'slipway', name: 'bad', publicKey: 'ssh-dss AAAA' }],
])('a wrong %s is refused by its name', async (field, what, body) => {
  const account = await connected()
  const before = here.inventory().size
  expect(await here.api.call('POST', `/api/accounts/${account}/${what}`, body)).toMatchObject({ code: 400, error: { field } })
  expect(here.inventory().size).toBe(before)
})

test('an account that is being set up is neither disconnected nor set up a second time', async () => {
  const account = await connected()
  const names = { resourceGroup: 'slipway', storageAccount: 'slowstorage', identity: 'slow-identity' }
  const [first, second] = await Promise.all(
    [0, 1].map(() => here.api.call<{ operation: string }>('POST', `/api/accounts/${account}/setup`, names)),
  )
  expect([first?.code, second?.code].sort()).toEqual([202, 409])
  expect(await here.api.call('DELETE', `/api/accounts/${account}`)).toMatchObject({ code: 409 })
  await here.settled((first?.code === 202 ? first : second)?.payload.operation ?? '')
  expect(await here.api.call('DELETE', `/api/accounts/${account}`)).toMatchObject({ code: 200 })
}, 60_000)
