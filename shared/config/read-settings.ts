import path from 'node:path'
import type { Environment } from './environment.ts'
import type { Setting } from './setting.ts'
import { type Settings, settingTable } from './settings.ts'

/** A setting that is wrong or missing, for `/api/health`. Holds no value. */
export interface SettingProblem {
  readonly name: string
  readonly message: string
}

export type ReadSettings =
  | { readonly settings: Settings; readonly problems: readonly [] }
  | { readonly settings?: undefined; readonly problems: readonly SettingProblem[] }

/**
 * Reads and checks every setting; all complaints at once, so that one round of mending is enough.
 * A complaint repeats no value: everybody can read it, and a secret may have been put into the wrong setting.
 */
export function readSettings(environment: Environment): ReadSettings {
  const values: Record<string, unknown> = {}
  const problems: SettingProblem[] = []
  for (const [key, setting] of Object.entries<Setting<unknown>>(settingTable)) {
    const text = environment[setting.name]?.trim()
    const parsed = setting.schema.safeParse(text)
    if (parsed.success) values[key] = parsed.data
    else problems.push({ name: setting.name, message: `${setting.name} must be ${setting.allowed}.` })
  }
  if (problems.length) return { problems }
  // Every value has passed the schema of its own row of the table.
  const read = values as unknown as Settings
  const settings = { ...read, secretsFile: read.secretsFile.replace(/^~/, () => homeOf(environment)) }
  problems.push(...missing(settings, environment))
  return problems.length ? { problems } : { settings, problems: [] }
}

const homeOf = ({ HOME, USERPROFILE }: Environment): string => HOME ?? USERPROFILE ?? '~'

function missing(settings: Settings, environment: Environment): SettingProblem[] {
  const problems: SettingProblem[] = []
  const need = (there: unknown, name: string, message: string) => {
    if (!there) problems.push({ name, message })
  }
  need(
    settings.storageConnectionString ?? settings.storageAccountName,
    settingTable.storageConnectionString.name,
    'Set AzureWebJobsStorage to a connection string, or AzureWebJobsStorage__accountName.',
  )
  // A file that is lost with its instance must be asked for in so many words.
  const isInAzure = environment.WEBSITE_SITE_NAME !== undefined
  need(
    settings.keyVaultUrl || environment[settingTable.secretsFile.name]?.trim() || !isInAzure,
    settingTable.keyVaultUrl.name,
    'Set SLIPWAY_KEY_VAULT_URL: what an app in Azure keeps on its own disk does not last.',
  )
  need(
    settings.keyVaultUrl ?? path.isAbsolute(settings.secretsFile),
    settingTable.secretsFile.name,
    'Set SLIPWAY_SECRETS_FILE to an absolute path, because the user who runs the app has no home.',
  )
  for (const key of neededBy[settings.credential])
    need(settings[key], settingTable[key].name, `${settingTable[key].name} is needed where SLIPWAY_CREDENTIAL is ${settings.credential}.`)
  return problems
}

const neededBy = {
  default: [],
  'managed-identity': [],
  'client-secret': ['clientId', 'clientSecret', 'tenantId'],
  'workload-identity': ['clientId', 'identityClientId', 'tenantId'],
} as const satisfies Readonly<Record<Settings['credential'], readonly (keyof Settings)[]>>
