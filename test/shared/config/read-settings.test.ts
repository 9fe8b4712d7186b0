import { readFileSync } from 'node:fs'
import path from 'node:path'
import { readSettings } from '../../../shared/config/read-settings.ts'
import { settingTable } from '../../../shared/config/settings.ts'
import { settingsPage, settingsSample } from '../../../shared/config/settings-docs.ts'

const enough = { AzureWebJobsStorage: 'UseDevelopmentStorage=true', HOME: '/home/ada' }

test('storage and a home are enough; the rest has defaults', () => {
  expect(readSettings(enough).settings).toMatchObject({
    storageConnectionString: 'UseDevelopmentStorage=true',
    tablePrefix: 'slipway',
    pollingSeconds: 1,
    bodyLimit: 1_048_576,
    easyAuth: false,
    azureGateway: undefined,
    secretsFile: '/home/ada/.slipway/secrets.json',
  })
})

test('an empty variable counts as not set', () => {
  expect(readSettings({ ...enough, SLIPWAY_TABLE_PREFIX: '', SLIPWAY_TENANT_ID: ' ' }).settings).toMatchObject({
    tablePrefix: 'slipway',
    tenantId: undefined,
  })
})

test('the slash at the end of an address makes no difference', () => {
  expect(readSettings({ ...enough, SLIPWAY_API_URL: 'https://slipway.example/' }).settings?.apiUrl).toBe('https://slipway.example')
})

test('every broken setting is named at once, with what is allowed', () => {
  const { settings, problems } = readSettings({ ...enough, SLIPWAY_POLLING_SECONDS: 'soon', SLIPWAY_SUBSCRIPTION_ID: 'mine' })
  expect(settings).toBeUndefined()
  expect(problems).toEqual([
    {
      name: 'SLIPWAY_SUBSCRIPTION_ID',
      message: 'SLIPWAY_SUBSCRIPTION_ID must be a GUID such as 00000000-0000-0000-0000-000000000000.',
    },
    { name: 'SLIPWAY_POLLING_SECONDS', message: 'SLIPWAY_POLLING_SECONDS must be a number from 0.05 to 60.' },
  ])
})

test('no value is repeated: a secret may have been put into the wrong setting', () => {
  const { problems } = readSettings({ ...enough, SLIPWAY_FIRST_KEY: 'hunter2', AZURE_CLIENT_ID: 'hunter2' })
  expect(problems).toHaveLength(2)
  expect(JSON.stringify(problems)).not.toContain('hunter2')
})

test('in Azure secrets go to a Key Vault, or to a file that was asked for', () => {
  const inAzure = { ...enough, WEBSITE_SITE_NAME: 'slipway', SLIPWAY_SECRETS_FILE: '' }
  expect(readSettings(inAzure).problems).toMatchObject([{ name: 'SLIPWAY_KEY_VAULT_URL' }])
  expect(readSettings({ ...inAzure, SLIPWAY_KEY_VAULT_URL: 'https://vault.example' }).problems).toEqual([])
  expect(readSettings({ ...inAzure, SLIPWAY_SECRETS_FILE: '/mount/secrets.json' }).settings?.secretsFile).toBe('/mount/secrets.json')
})

test('what is missing is asked for', () => {
  expect(readSettings({}).problems.map((problem) => problem.name)).toEqual(['AzureWebJobsStorage', 'SLIPWAY_SECRETS_FILE'])
  expect(readSettings({ ...enough, SLIPWAY_CREDENTIAL: 'client-secret' }).problems.map((problem) => problem.name)).toEqual([
    'AZURE_CLIENT_ID',
    'AZURE_CLIENT_SECRET',
    'SLIPWAY_TENANT_ID',
  ])
  expect(readSettings({ ...enough, SLIPWAY_CREDENTIAL: 'workload-identity' }).problems.map((problem) => problem.name)).toEqual([
    'AZURE_CLIENT_ID',
    'SLIPWAY_IDENTITY_CLIENT_ID',
    'SLIPWAY_TENANT_ID',
  ])
})

test('the sample is a set of settings that the app accepts, and the page has them all', () => {
  const { Values } = JSON.parse(settingsSample()) as { Values: Record<string, string> }
  expect(readSettings({ ...Values, HOME: '/home/ada' }).problems).toEqual([])
  for (const { name } of Object.values(settingTable)) {
    expect(Values).toHaveProperty([name])
    expect(settingsPage()).toContain(`| \`${name}\``)
  }
})

test.each(Object.values(settingTable).filter((setting) => 'default' in setting))(
  'the documented default of $name is the one in force',
  (setting) => {
    expect(setting.schema.parse(undefined)).toEqual(setting.schema.parse('default' in setting ? setting.default : ''))
  },
)

test.each([
  ['docs/settings.md', settingsPage],
  ['local.settings.sample.json', settingsSample],
])('%s is up to date: node scripts/settings-docs.ts writes it', (file, text) => {
  expect(readFileSync(path.resolve(__dirname, '../../..', file), 'utf8')).toBe(text())
})
