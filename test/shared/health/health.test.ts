import path from 'node:path'
import { createServices } from '../../../functions/services.ts'
import { readSettings } from '../../../shared/config/read-settings.ts'
import { readHealth } from '../../../shared/health/health.ts'

test('storage that does not answer, and a place for secrets that is no folder, are told within seconds', async () => {
  const settings = readSettings({
    // Nothing listens on port 1.
    AzureWebJobsStorage: 'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:1/a;',
    SLIPWAY_SECRETS_FILE: path.join(__filename, 'secrets'),
  })
  const given = { clock: { now: () => 0 }, log: () => {}, agentFiles: { script: '', unit: '' } }
  const services = () => {
    if (settings.settings) return createServices(settings.settings, given)
    throw new Error('the settings are good')
  }
  expect(await readHealth({ version: '1.2.3', functions: 7, startedAt: 5000, settings, services })).toMatchObject({
    status: 'unhealthy',
    version: '1.2.3',
    functions: 7,
    startedOn: 5,
    storage: { reachable: false, message: expect.stringMatching(/not answer/) },
    secrets: { writable: false, message: expect.stringContaining('SLIPWAY_SECRETS_FILE') },
    settings: [],
  })
})
