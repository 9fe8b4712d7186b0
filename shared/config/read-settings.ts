import type { Environment } from './environment.ts'
import type { Setting } from './setting.ts'
import { type Settings, settingTable } from './settings.ts'

/** A setting that is wrong or missing, for `/api/health`. Holds no value of a secret. */
export interface SettingProblem {
  readonly name: string
  readonly message: string
}

export type ReadSettings =
  | { readonly settings: Settings; readonly problems: readonly [] }
  | { readonly settings?: undefined; readonly problems: readonly SettingProblem[] }

/** Longest value that is repeated in a complaint, in characters. */
const SHOWN = 80

/** Reads and checks every setting; all complaints at once, so that one round of mending is enough. */
export function readSettings(environment: Environment): ReadSettings {
  const values: Record<string, unknown> = {}
  const problems: SettingProblem[] = []
  for (const [key, setting] of Object.entries<Setting<unknown>>(settingTable)) {
    const text = environment[setting.name]?.trim()
    const parsed = setting.schema.safeParse(text)
    if (parsed.success) values[key] = parsed.data
    else problems.push({ name: setting.name, message: `${setting.name} must be ${setting.allowed}${shown(setting, text)}.` })
  }
  // Every value has passed the schema of its own row of the table.
  const settings = values as unknown as Settings
  problems.push(...(problems.length ? [] : missing(settings)))
  return problems.length ? { problems } : { settings, problems: [] }
}

const shown = (setting: Setting<unknown>, text = ''): string =>
  setting.secret || text === '' ? '' : `, not ${JSON.stringify(text.slice(0, SHOWN))}`

function missing(settings: Settings): SettingProblem[] {
  const problems: SettingProblem[] = []
  const need = (there: unknown, name: string, message: string) => {
    if (!there) problems.push({ name, message })
  }
  need(
    settings.storageConnectionString ?? settings.storageAccountName,
    settingTable.storageConnectionString.name,
    'Set AzureWebJobsStorage to a connection string, or AzureWebJobsStorage__accountName.',
  )
  need(
    settings.keyVaultUrl ?? settings.secretsFile,
    settingTable.keyVaultUrl.name,
    'Set SLIPWAY_KEY_VAULT_URL, or SLIPWAY_SECRETS_FILE on a machine of your own.',
  )
  if (settings.credential === 'client-secret') {
    for (const key of ['clientId', 'clientSecret', 'tenantId'] as const) {
      need(settings[key], settingTable[key].name, `${settingTable[key].name} is needed where SLIPWAY_CREDENTIAL is client-secret.`)
    }
  }
  return problems
}
