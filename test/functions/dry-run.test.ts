import path from 'node:path'
import { featureEndpoints } from '../../functions/endpoints.ts'
import { newKey } from '../../shared/keys/key.ts'
import { azurite } from '../azurite.ts'
import { type AppHost, appHost } from './app-host.ts'

/** What changes nothing that a user has, and why. */
const HARMLESS: Readonly<Record<string, string>> = {
  'agents-heartbeat': 'an agent tells how its machine is: it plans nothing',
  preflight: 'it is the look before the leap itself',
}

const key = newKey()
let host: AppHost
beforeAll(async () => {
  host = await appHost((folder) => ({
    AzureWebJobsStorage: azurite().connectionString,
    SLIPWAY_SECRETS_FILE: path.join(folder, 'secrets'),
    SLIPWAY_FIRST_KEY: key,
  }))
})
afterAll(() => host?.end())

const ask = async (method: string, route: string, body?: unknown) =>
  (await host.ask(method, `/api/${route}`, { headers: { 'x-api-key': key }, ...(body !== undefined && { body: JSON.stringify(body) }) }))
    .json

test('whatever changes something says before what it would do', () => {
  const without = featureEndpoints.filter(({ method, dryRun }) => method !== 'GET' && !dryRun).map(({ name }) => name)
  expect(without.sort()).toEqual(Object.keys(HARMLESS).sort())
})

test('a key is not made and not revoked by a dry run', async () => {
  const before = (await ask('GET', 'keys')).payload as { keys: readonly { id: string }[] }
  const wanted = { name: 'pipeline', role: 'reader' }
  expect(await ask('POST', 'keys?dryRun=true', wanted)).toMatchObject({ code: 200, payload: { ...wanted, createdBy: 'first key' } })
  const [first] = before.keys
  expect(await ask('DELETE', `keys/${first?.id}?dryRun=true`)).toMatchObject({ code: 200, payload: { key: { name: 'first key' } } })
  expect(await ask('DELETE', 'keys/0000000000000000?dryRun=true')).toMatchObject({ code: 404 })
  expect((await ask('GET', 'keys')).payload).toMatchObject({ keys: [{ id: first?.id }] })
})

test('a webhook is not made and not removed by a dry run', async () => {
  const url = 'https://example.org/hook'
  const drafted = await ask('POST', 'webhooks?dryRun=true', { url })
  expect(drafted).toMatchObject({ code: 200, payload: { url } })
  expect(drafted.payload).not.toHaveProperty('secret')
  expect((await ask('GET', 'webhooks')).payload).toEqual({ webhooks: [] })
  const { id } = (await ask('POST', 'webhooks', { url })).payload as { id: string }
  expect(await ask('DELETE', `webhooks/${id}?dryRun=true`)).toMatchObject({ code: 200, payload: { webhook: { id, url } } })
  expect((await ask('GET', 'webhooks')).payload).toMatchObject({ webhooks: [{ id }] })
})

test('a dead letter that there is not is told by a dry run as well', async () => {
  expect(await ask('POST', `dead-letters/${'0'.repeat(32)}/retry?dryRun=true`)).toMatchObject({ code: 404 })
  expect(await ask('DELETE', `dead-letters/${'0'.repeat(32)}?dryRun=true`)).toMatchObject({ code: 404 })
})

test('a version stays on offer after a dry run', async () => {
  expect(await ask('DELETE', 'versions/3.9.0?dryRun=true')).toMatchObject({ code: 200, payload: { version: { version: '3.9.0' } } })
  expect((await ask('DELETE', 'versions/3.9.0?dryRun=true')).code).toBe(200)
  expect(await ask('DELETE', 'versions/1.0.0?dryRun=true')).toMatchObject({ code: 404 })
})
