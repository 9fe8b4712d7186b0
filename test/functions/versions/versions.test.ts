import path from 'node:path'
import { newKey } from '../../../shared/keys/key.ts'
import { azurite } from '../../azurite.ts'
import { createRequest } from '../../e2e/api.ts'
import { type AppHost, appHost } from '../app-host.ts'

const key = newKey()
let host: AppHost
beforeAll(async () => {
  host = await appHost((folder) => ({
    AzureWebJobsStorage: azurite().connectionString,
    SLIPWAY_SECRETS_FILE: path.join(folder, 'secrets'),
    SLIPWAY_FIRST_KEY: key,
    SLIPWAY_SUBSCRIPTION_ID: '00000000-0000-4000-8000-000000000001',
  }))
})
afterAll(() => host.end())

const ask = async (method: string, route: string, body?: unknown) =>
  (await host.ask(method, route, { headers: { 'x-api-key': key }, ...(body !== undefined && { body: JSON.stringify(body) }) })).json
const offered = async () => (await ask('GET', '/api/clusters/hopsworks/versions/AZURE')).payload.versions as { version: string }[]

const ours = {
  version: '3.10.0',
  upgradableFromVersion: '3.9.0',
  images: [
    {
      os: 'ubuntu',
      regions: ['northeurope'],
      id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/i',
      bringsHopsworks: true,
    },
  ],
  upgrade: { command: ['/opt/upgrade'], check: ['/opt/check'], user: 'hopsworks', timeoutSeconds: 3600 },
  health: { api: ['/opt/check'] },
}

test('the versions come newest last, where Terraform looks first', async () => {
  const versions = await offered()
  expect(versions.at(-1)).toMatchObject({
    version: '3.9.0',
    upgradableFromVersion: '3.8.0',
    default: true,
    experimental: false,
    regions: { ubuntu: ['ALL'] },
  })
  expect(versions[0]).toMatchObject({ version: '3.0.0', upgradableFromVersion: 'N/A' })
})

test('other clouds have no versions, and a cloud that nobody knows is refused', async () => {
  expect((await ask('GET', '/api/clusters/hopsworks/versions/AWS')).payload).toEqual({ versions: [] })
  expect(await ask('GET', '/api/clusters/hopsworks/versions/azure')).toMatchObject({ code: 400 })
})

test('an administrator offers a version, and takes it back', async () => {
  expect((await ask('POST', '/api/versions?dryRun=true', ours)).code).toBe(200)
  expect((await offered()).at(-1)?.version).toBe('3.9.0')
  expect((await ask('POST', '/api/versions', ours)).code).toBe(200)
  expect((await offered()).at(-1)).toMatchObject({ version: '3.10.0', regions: { ubuntu: ['northeurope'] } })
  const elsewhere = createRequest({ version: '3.10.0', location: 'westeurope' })
  expect(await ask('POST', '/api/clusters', elsewhere)).toMatchObject({ code: 400, error: { field: 'cluster.location' } })
  expect((await ask('DELETE', '/api/versions/3.10.0')).code).toBe(200)
  expect((await offered()).at(-1)?.version).toBe('3.9.0')
  expect((await ask('DELETE', '/api/versions/3.10.0')).code).toBe(404)
})

test('a version of the seed can be taken off the offer, and nobody can create it then', async () => {
  expect((await ask('DELETE', '/api/versions/3.0.0')).code).toBe(200)
  expect((await offered())[0]?.version).toBe('3.1.0')
  const old = createRequest({ version: '3.0.0' })
  expect(await ask('POST', '/api/clusters?dryRun=true', old)).toMatchObject({ code: 400, error: { field: 'cluster.version' } })
})

test('an entry that could not work is refused with the field at fault', async () => {
  expect(await ask('POST', '/api/versions', { ...ours, images: [] })).toMatchObject({ code: 400, error: { field: 'images' } })
  const { health: _, ...unchecked } = ours
  expect(await ask('POST', '/api/versions', unchecked)).toMatchObject({ code: 400, error: { field: 'health' } })
})
