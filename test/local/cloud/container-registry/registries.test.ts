import { until } from '../sdk.ts'
import { type RegistryWorld, registryWorld } from './registry-world.ts'

let world: RegistryWorld
beforeAll(async () => {
  world = await registryWorld({ sku: 'Premium' })
})
afterAll(() => world.stop())

const API = 'api-version=2023-07-01'
const sibling = (name: string) => `${world.id.replace(/[^/]+$/, name)}?${API}`
const body = (sku: string, properties: object = {}) => ({ location: 'northeurope', sku: { name: sku }, properties })

test('a registry shows where it is, its SKU and its policies, and keeps its secrets', async () => {
  const { body: shown } = await world.arm('GET', '')
  expect(shown).toMatchObject({
    sku: { name: 'Premium', tier: 'Premium' },
    properties: {
      loginServer: 'testregistry.azurecr.io',
      provisioningState: 'Succeeded',
      adminUserEnabled: true,
      roleAssignmentMode: 'LegacyRegistryPermissions',
      policies: { retentionPolicy: { days: 7, status: 'disabled' }, softDeletePolicy: { retentionDays: 7, status: 'disabled' } },
    },
  })
  const { body: credentials } = await world.arm('POST', '/listCredentials')
  expect(JSON.stringify(shown)).not.toContain(credentials.passwords[0].value)
})

test('a policy is changed by itself; the others stay', async () => {
  const { body: changed } = await world.arm('PATCH', '', { properties: { policies: { retentionPolicy: { days: 30, status: 'enabled' } } } })
  expect(changed.properties.policies).toMatchObject({
    retentionPolicy: { days: 30, status: 'enabled', lastUpdatedTime: expect.any(String) },
    exportPolicy: { status: 'enabled' },
  })
  expect(changed.properties.adminUserEnabled).toBe(true)
  const conflict = await world.arm('PATCH', '', { properties: { policies: { softDeletePolicy: { status: 'enabled' } } } })
  expect([conflict.status, conflict.body.error.code]).toEqual([400, 'PolicyConflict'])
})

test('a SKU refuses what it does not have', async () => {
  const retention = { policies: { retentionPolicy: { status: 'enabled' } } }
  const standard = await world.cloud.send('PUT', sibling('standard1'), body('Standard', retention))
  expect([standard.status, standard.body.error.code]).toEqual([400, 'SkuNotSupported'])
  expect((await world.cloud.send('PUT', sibling('basic1'), body('Basic', { anonymousPullEnabled: true }))).status).toBe(400)
  expect((await world.arm('PATCH', '', { properties: { policies: { retentionPolicy: { days: 366 } } } })).status).toBe(400)
})

test('a name that somebody has is not had twice, and can be asked for first', async () => {
  const elsewhere = sibling('slipwayregistry').replace('resourceGroups/slipway', 'resourceGroups/network')
  const taken = await world.cloud.send('PUT', elsewhere, body('Basic'))
  expect([taken.status, taken.body.error.code]).toEqual([409, 'AlreadyInUse'])
  expect((await world.cloud.send('PUT', sibling('x'), body('Basic'))).body.error.code).toBe('InvalidResourceName')
  expect((await world.cloud.send('PUT', sibling('another2'), { location: 'northeurope' })).body.error).toMatchObject({ target: 'sku' })
  const { subscriptionId } = world.cloud.landingZone
  const ask = async (name: string) => {
    const path = `/subscriptions/${subscriptionId}/providers/Microsoft.ContainerRegistry/checkNameAvailability?${API}`
    return (await world.cloud.send('POST', path, { name, type: 'Microsoft.ContainerRegistry/registries' })).body
  }
  expect(await ask('TestRegistry')).toMatchObject({ nameAvailable: false, reason: 'AlreadyExists' })
  expect(await ask('no-dashes')).toMatchObject({ nameAvailable: false, reason: 'Invalid' })
  expect(await ask('freename')).toEqual({ nameAvailable: true })
})

test('usages tell the bytes that are stored', async () => {
  const size = async () => (await world.arm('GET', '/listUsages')).body.value.find(({ name }: { name: string }) => name === 'Size')
  const before = await size()
  await world.pushBlob('big', 'x'.repeat(1_000))
  await world.pushBlob('same', 'x'.repeat(1_000))
  expect(await size()).toMatchObject({ currentValue: before.currentValue + 1_000, limit: 500 * 1024 ** 3, unit: 'Bytes' })
})

test('a registry closed to the public network lets nobody in from here', async () => {
  await world.arm('PATCH', '', { properties: { publicNetworkAccess: 'Disabled' } })
  const refused = await world.send('GET', '/v2/')
  expect([refused.status, refused.body.errors[0].code]).toEqual([403, 'DENIED'])
  await world.arm('PATCH', '', { properties: { publicNetworkAccess: 'Enabled' } })
  expect((await world.send('GET', '/v2/')).status).toBe(200)
})

test('made again under its old name it is empty', async () => {
  await world.push('app', 'v1')
  expect((await world.arm('DELETE', '')).status).toBe(200)
  expect((await world.send('GET', '/v2/')).status).toBe(404)
  await world.arm('PUT', '', body('Basic', { adminUserEnabled: true }))
  await until(async () => (await world.arm('GET', '')).body.properties.provisioningState === 'Succeeded')
  const { body: credentials } = await world.arm('POST', '/listCredentials')
  const as = `Basic ${Buffer.from(`testregistry:${credentials.passwords[0].value}`).toString('base64')}`
  expect((await world.send('GET', '/v2/')).status).toBe(401)
  expect((await world.send('GET', '/acr/v1/_catalog', { as })).body.repositories).toBeNull()
})
