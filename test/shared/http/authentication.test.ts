import { defineEndpoint, type Method } from '../../../shared/http/endpoint.ts'
import { newKey } from '../../../shared/keys/key.ts'
import { createKeyStore } from '../../../shared/keys/key-store.ts'
import { testServices } from '../../services.ts'
import { frontDoorClient } from './front-door-client.ts'

const services = testServices({ SLIPWAY_FAILED_KEYS_PER_MINUTE: '3', SLIPWAY_REQUESTS_PER_MINUTE: '5' })
const keys = createKeyStore(services.tables, services.clock)
const ask = frontDoorClient(services, async (key) =>
  key === 'swa_good' ? { kind: 'agent', id: 'agent:1', name: 'demo', clusterId: 'c1' } : undefined,
)
const whoami = (role: 'reader' | 'agent') =>
  defineEndpoint({ name: 'whoami', method: 'GET', route: 'whoami', role, summary: '', handler: async () => {} })
const statusOf = async (key: string, { role = 'reader', address = '192.0.2.1', ...headers }: Record<string, string> = {}) =>
  (await ask(whoami(role as 'reader'), { headers: { 'x-api-key': key, 'x-forwarded-for': address, ...headers } })).status
const makeKey = (expiresOn?: number) => keys.create({ name: 'k', role: 'reader', createdBy: 'test', ...(expiresOn && { expiresOn }) })

beforeEach(() => services.advance(60_000))

test('a revoked key works for ten seconds at most', async () => {
  const { id, key } = await makeKey()
  expect(await statusOf(key)).toBe(200)
  await keys.revoke(id)
  services.advance(10_000)
  expect(await statusOf(key)).toBe(403)
})

test('an expired key stops on time', async () => {
  const { key } = await makeKey(services.clock.now() / 1000 + 5)
  expect(await statusOf(key)).toBe(200)
  services.advance(5000)
  expect(await statusOf(key)).toBe(403)
})

test('the last use is noted, at most once a minute', async () => {
  const { id, key } = await makeKey()
  await statusOf(key)
  const first = (await keys.find(id))?.lastUsedOn
  expect(first).toBe(services.clock.now() / 1000)
  services.advance(30_000)
  await statusOf(key)
  expect((await keys.find(id))?.lastUsedOn).toBe(first)
  services.advance(30_000)
  await statusOf(key)
  expect((await keys.find(id))?.lastUsedOn).toBe(services.clock.now() / 1000)
})

test('guessing keys is stopped after a few, for that address and for a minute, and not for keys that were good', async () => {
  const { key } = await makeKey()
  expect(await statusOf(key)).toBe(200)
  for (let guess = 0; guess < 3; guess++) expect(await statusOf(newKey())).toBe(403)
  expect(await statusOf(newKey())).toBe(429)
  expect(await statusOf(newKey(), { address: '10.0.0.9, 192.0.2.1:4711' })).toBe(429)
  expect(await statusOf(newKey(), { address: '192.0.2.2' })).toBe(403)
  expect(await statusOf(key)).toBe(200)
  services.advance(60_000)
  expect(await statusOf(newKey())).toBe(403)
})

test('an address of IPv6 counts for itself, with a port or without', async () => {
  for (let guess = 0; guess < 3; guess++) expect(await statusOf(newKey(), { address: '2001:db8::1' })).toBe(403)
  expect(await statusOf(newKey(), { address: '[2001:db8::2]:4711' })).toBe(403)
  expect(await statusOf(newKey(), { address: '2001:db8::2' })).toBe(403)
  expect(await statusOf(newKey(), { address: '2001:db8::1' })).toBe(429)
})

test('an address of any length is logged short, on one line', async () => {
  await statusOf(newKey(), { address: `198.51.100.7 ${'x'.repeat(9000)}\n{"event":"forged"}` })
  const { fields } = services.logged.filter(({ event }) => event === 'key-refused').at(-1) ?? {}
  expect(JSON.stringify(fields).length).toBeLessThan(200)
})

test('a key that asks too often has to wait', async () => {
  const { key } = await makeKey()
  for (let request = 0; request < 5; request++) expect(await statusOf(key)).toBe(200)
  const { status, headers } = await ask(whoami('reader'), { headers: { 'x-api-key': key } })
  expect(status).toBe(429)
  expect(Number(headers['Retry-After'])).toBeGreaterThan(0)
})

test("an agent calls the agents' endpoints and no others, a user the other way round", async () => {
  const { key } = await makeKey()
  expect(await statusOf('swa_good', { role: 'agent' })).toBe(200)
  expect(await statusOf('swa_good')).toBe(403)
  expect(await statusOf('swa_bad', { role: 'agent' })).toBe(403)
  expect(await statusOf(key, { role: 'agent' })).toBe(403)
})

const principal = (...claims: [string, string][]) =>
  Buffer.from(JSON.stringify({ auth_typ: 'aad', claims: claims.map(([typ, val]) => ({ typ, val })), role_typ: 'roles' })).toString('base64')

test('the header of App Service authentication is not believed unless a setting says so', async () => {
  expect(await statusOf('', { 'x-ms-client-principal': principal(['oid', 'u1'], ['roles', 'admin']) })).toBe(403)
})

describe('behind App Service authentication', () => {
  const askBehind = frontDoorClient(testServices({ SLIPWAY_EASY_AUTH: 'true' }))
  const statusFor = async (header: string, { method = 'GET' as Method, ...headers }: { method?: Method; 'sec-fetch-site'?: string } = {}) =>
    (await askBehind({ ...whoami('reader'), method }, { headers: { 'x-ms-client-principal': header, ...headers } })).status

  test('a user of Entra ID has the role that was given there', async () => {
    expect(await statusFor(principal(['oid', 'u1'], ['roles', 'Reader'], ['name', 'Ada']))).toBe(200)
  })

  test("a foreign page cannot act with its visitor's session", async () => {
    const admin = principal(['oid', 'u1'], ['roles', 'admin'])
    expect(await statusFor(admin, { method: 'POST', 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await statusFor(admin, { method: 'POST', 'sec-fetch-site': 'same-origin' })).toBe(200)
    expect(await statusFor(admin, { method: 'POST' })).toBe(200)
  })

  test('a user without a role of ours, or a header that is no principal, is nobody', async () => {
    expect(await statusFor(principal(['oid', 'u1'], ['roles', 'billing']))).toBe(403)
    expect(await statusFor(principal(['roles', 'admin']))).toBe(403)
    expect(await statusFor('e30=')).toBe(403)
    expect(await statusFor('not base64 of JSON')).toBe(403)
  })
})
