import { azurite } from '../azurite.ts'
import { type AppHost, appHost } from './app-host.ts'

let host: AppHost
const { connectionString } = azurite()
beforeAll(async () => {
  host = await appHost(() => ({ AzureWebJobsStorage: connectionString, SLIPWAY_POLLING_SECONDS: 'often', SLIPWAY_FIRST_KEY: 'hunter2' }))
})
afterAll(() => host.end())

test('with broken settings the app starts, and health names each', async () => {
  const { status, json, text } = await host.ask('GET', '/api/health')
  expect(status).toBe(503)
  expect(json.payload).toMatchObject({
    status: 'unhealthy',
    settings: [
      { name: 'SLIPWAY_POLLING_SECONDS', message: 'SLIPWAY_POLLING_SECONDS must be a number from 0.05 to 60.' },
      { name: 'SLIPWAY_FIRST_KEY' },
    ],
  })
  expect(text).not.toContain('hunter2')
})

test('every other call answers 503 with the same', async () => {
  const { status, json } = await host.ask('GET', '/api/keys', { headers: { 'x-api-key': 'swk_any' } })
  expect(status).toBe(503)
  expect(json.message).toContain('SLIPWAY_POLLING_SECONDS must be a number from 0.05 to 60')
})
