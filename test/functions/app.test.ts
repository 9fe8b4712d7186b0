import path from 'node:path'
import { newKey } from '../../shared/keys/key.ts'
import { connectStorage } from '../../shared/storage/connection.ts'
import { azurite } from '../azurite.ts'
import { type AppHost, appHost } from './app-host.ts'
import { documentedBy } from './documented.ts'

const key = newKey()
let host: AppHost
const { connectionString } = azurite()
beforeAll(async () => {
  host = await appHost((folder) => ({
    AzureWebJobsStorage: connectionString,
    SLIPWAY_SECRETS_FILE: path.join(folder, 'secrets'),
    SLIPWAY_FIRST_KEY: key,
  }))
})
afterAll(() => host.end())
const withKey = (init: RequestInit = {}): RequestInit => ({ ...init, headers: { 'x-api-key': key, ...init.headers } })

test('health tells without a key that all is well', async () => {
  const { status, json } = await host.ask('GET', '/api/health')
  expect(status).toBe(200)
  expect(json.payload).toMatchObject({
    status: 'healthy',
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    storage: { reachable: true },
    secrets: { writable: true },
    settings: [],
  })
})

test('health counts the functions that the host runs', async () => {
  expect((await host.ask('GET', '/api/health')).json.payload.functions).toBe(host.functions.length)
})

test('the first key comes from the settings and makes others, which are listed and revoked', async () => {
  const body = JSON.stringify({ name: 'pipeline', role: 'operator', expiresInDays: 30 })
  const made = await host.ask('POST', '/api/keys', withKey({ body }))
  expect(made.status).toBe(201)
  const { key: secret, ...shown } = made.json.payload
  expect(shown).toMatchObject({ name: 'pipeline', role: 'operator', createdBy: 'first key' })

  const list = await host.ask('GET', '/api/keys', withKey())
  expect(list.json.payload.keys).toEqual(expect.arrayContaining([shown, expect.objectContaining({ name: 'first key', role: 'admin' })]))
  expect(list.text).not.toContain(String(secret))
  expect(list.text).not.toMatch(/[0-9a-f]{64}/)

  expect((await host.ask('GET', '/api/keys', { headers: { 'x-api-key': String(secret) } })).status).toBe(403)
  expect((await host.ask('DELETE', `/api/keys/${shown.id}`, withKey())).status).toBe(200)
  expect((await host.ask('GET', '/api/keys', withKey())).text).not.toContain(String(shown.id))
  expect((await host.ask('DELETE', '/api/keys/0000000000000000', withKey())).json.code).toBe(404)
})

test('a key that is asked for twice under one Idempotency-Key is made once, shown once and stored nowhere', async () => {
  const again = () =>
    host.ask('POST', '/api/keys', withKey({ body: '{"name":"once","role":"reader"}', headers: { 'idempotency-key': 'k1' } }))
  const [first, second] = [await again(), await again()]
  expect([first.status, second.status]).toEqual([201, 409])
  expect(second.json.message).toContain('is not given twice')
  const { keys } = (await host.ask('GET', '/api/keys', withKey())).json.payload as { keys: { name: string }[] }
  expect(keys.filter(({ name }) => name === 'once')).toHaveLength(1)
  let rows = ''
  for (const table of ['slipwaykeys', 'slipwayidempotency']) {
    for await (const row of connectStorage({ connectionString })(table).listEntities()) rows += JSON.stringify(row)
  }
  expect(rows).toContain('once')
  expect(rows).not.toContain(String(first.json.payload.key))
})

test('a parameter that is given twice counts for neither', async () => {
  expect(await host.ask('GET', '/api/keys?limit=1&limit=2', withKey())).toMatchObject({ status: 400, json: { error: { field: 'limit' } } })
})

test('keys are only for those who have one', async () => {
  expect(await host.ask('GET', '/api/keys')).toMatchObject({ status: 403, text: expect.stringMatching(/^The API key is missing/) })
})

test('what does not exist is 501 in JSON, whatever the method', async () => {
  for (const [method, path] of [
    ['GET', '/api/boats'],
    ['PUT', '/api/keys'],
    ['POST', '/api/a/b/c%2Fd'],
    ['DELETE', '/api/'],
  ] as const) {
    expect((await host.ask(method, path)).json).toMatchObject({ code: 501, error: { code: 'unsupported' } })
  }
})

test('what the app answers is what its OpenAPI page says', async () => {
  const { text } = await host.ask('GET', '/api/openapi.json')
  const isDocumented = documentedBy(text)
  const calls: readonly [string, string, string?][] = [
    ['GET', '/api/openapi.json'],
    ['GET', '/api/health'],
    ['POST', '/api/keys', '{"name":"documented","role":"reader"}'],
    ['GET', '/api/keys?limit=1'],
    ['GET', '/api/clusters'],
  ]
  for (const [method, target, body] of calls) {
    isDocumented(method, target, await host.ask(method, target, withKey(body === undefined ? {} : { body })))
  }
  const { status } = await host.ask('GET', '/api/health')
  expect(() => isDocumented('GET', '/api/health', { status, text: '{}' })).toThrow('apiVersion')
})

test('every function answers only where it should: the OpenAPI page lists them all', async () => {
  const { json } = await host.ask('GET', '/api/openapi.json')
  const { openapi, paths } = json as unknown as { openapi: string; paths: Record<string, Record<string, { operationId: string }>> }
  expect(openapi).toBe('3.1.0')
  const described = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId))
  const served = host.functions
    .filter(({ trigger, name }) => trigger === 'httpTrigger' && name !== 'zz-unknown-route')
    .map(({ name }) => name)
  expect(described.sort()).toEqual(served.sort())
})
