import { ACCOUNT, GROUP, type StorageWorld, storageWorld } from './storage-client.ts'

let world: StorageWorld
beforeAll(async () => {
  world = await storageWorld()
})
afterAll(() => world.cloud.stop())

const location = 'northeurope'
const soon = { updateIntervalInMs: 5 }

const make = (name: string, group = GROUP) =>
  world.client.storageAccounts.create(group, name, { location, kind: 'StorageV2', sku: { name: 'Standard_LRS' } }, soon)

test('an account is made, shown with its endpoints, listed, changed and deleted', async () => {
  await make('freshaccount')
  const shown = await world.client.storageAccounts.getProperties(GROUP, 'freshaccount')
  expect(shown).toMatchObject({
    provisioningState: 'Succeeded',
    kind: 'StorageV2',
    sku: { name: 'Standard_LRS', tier: 'Standard' },
    primaryEndpoints: { blob: 'https://freshaccount.blob.core.windows.net/' },
    allowBlobPublicAccess: false,
  })
  const names: (string | undefined)[] = []
  for await (const account of world.client.storageAccounts.listByResourceGroup(GROUP)) names.push(account.name)
  expect(names).toEqual([ACCOUNT, 'freshaccount'])
  const changed = await world.client.storageAccounts.update(GROUP, 'freshaccount', { minimumTlsVersion: 'TLS1_2', tags: { team: 'x' } })
  expect(changed).toMatchObject({ minimumTlsVersion: 'TLS1_2', tags: { team: 'x' }, sku: { name: 'Standard_LRS' } })
  await world.client.storageAccounts.delete(GROUP, 'freshaccount')
  await expect(world.client.storageAccounts.getProperties(GROUP, 'freshaccount')).rejects.toMatchObject({ statusCode: 404 })
})

test('a name that cannot be, or is taken in another group, is refused', async () => {
  await expect(make('No-Name')).rejects.toMatchObject({
    statusCode: 400,
    code: 'AccountNameInvalid',
    message: expect.stringContaining('Storage account name must be between 3 and 24 characters'),
  })
  await expect(make(ACCOUNT, 'network')).rejects.toMatchObject({ statusCode: 409, code: 'StorageAccountInAnotherResourceGroup' })
  const check = (name: string) => world.client.storageAccounts.checkNameAvailability({ name, type: 'Microsoft.Storage/storageAccounts' })
  expect(await check(ACCOUNT)).toMatchObject({
    nameAvailable: false,
    reason: 'AlreadyExists',
    message: `The storage account named ${ACCOUNT} is already taken.`,
  })
  expect(await check('No-Name')).toMatchObject({ nameAvailable: false, reason: 'AccountNameInvalid' })
  expect(await check('quitenew')).toMatchObject({ nameAvailable: true })
})

test('the account has two keys, of which one can be made anew', async () => {
  const { keys: before = [] } = await world.client.storageAccounts.listKeys(GROUP, ACCOUNT)
  expect(before.map(({ keyName, permissions }) => [keyName, permissions])).toEqual([
    ['key1', 'FULL'],
    ['key2', 'FULL'],
  ])
  expect(Buffer.from(before[0]?.value ?? '', 'base64')).toHaveLength(64)
  const { keys: after = [] } = await world.client.storageAccounts.regenerateKey(GROUP, ACCOUNT, { keyName: 'key2' })
  expect(after[0]?.value).toBe(before[0]?.value)
  expect(after[1]?.value).not.toBe(before[1]?.value)
  expect(JSON.stringify(world.cloud.state())).not.toContain(before[0]?.value)
})

test('the blob service is there without being made, and remembers its settings', async () => {
  expect(await world.client.blobServices.getServiceProperties(GROUP, ACCOUNT)).toMatchObject({
    name: 'default',
    deleteRetentionPolicy: { enabled: false },
  })
  await world.client.blobServices.setServiceProperties(GROUP, ACCOUNT, {
    deleteRetentionPolicy: { enabled: true, days: 7 },
    isVersioningEnabled: true,
  })
  expect(await world.client.blobServices.getServiceProperties(GROUP, ACCOUNT)).toMatchObject({
    deleteRetentionPolicy: { enabled: true, days: 7 },
    isVersioningEnabled: true,
  })
})

test('an account in the making takes no container and no second writing', async () => {
  await world.cloud.request('PUT', '/_slipway/latencies', { body: { 'storageAccount.create': 86_400 } })
  const account = { location, sku: { name: 'Standard_LRS' }, kind: 'StorageV2' }
  const path = `/subscriptions/${world.cloud.landingZone.subscriptionId}/resourceGroups/${GROUP}/providers/Microsoft.Storage/storageAccounts/unfinished`
  const put = (rest: string, body: object) => world.cloud.request('PUT', `${path}${rest}?api-version=2025-06-01`, { body })
  const accepted = await put('', account)
  expect([accepted.status, accepted.headers.has('location'), accepted.headers.has('azure-asyncoperation')]).toEqual([202, true, false])
  const again = await put('', account)
  expect(await again.json()).toMatchObject({ error: { code: 'StorageAccountOperationInProgress' } })
  const early = await put('/blobServices/default/containers/early', {})
  expect(await early.json()).toMatchObject({ error: { code: 'StorageAccountIsNotProvisioned' } })
  await world.cloud.request('PUT', '/_slipway/latencies', { body: { 'storageAccount.create': null } })
})

test('an account made anew under a former name has no blobs', async () => {
  await make('recurring')
  const container = world.blobs(undefined, 'recurring').getContainerClient('data')
  await container.create()
  await container.uploadBlockBlob('blob', 'x', 1)
  await world.client.storageAccounts.delete(GROUP, 'recurring')
  await make('recurring')
  expect(await container.exists()).toBe(false)
  await container.create()
  for await (const { name } of container.listBlobsFlat()) throw new Error(`${name} is still there`)
})
