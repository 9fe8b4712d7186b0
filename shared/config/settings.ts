import * as z from 'zod'
import { type Setting, setting } from './setting.ts'

const GUID = 'a GUID such as 00000000-0000-0000-0000-000000000000'
const URL_WORDS = 'an http or https URL without a query'

const text = z
  .string()
  .optional()
  .transform((value) => value || undefined)
const guid = text.pipe(z.guid().optional())
const url = text
  .pipe(z.url({ protocol: /^https?$/ }).optional())
  .transform((value) => value?.replace(/\/+$/, ''))
  .refine((value) => !value?.includes('?'))
const number = (fallback: number, least: number, most: number) =>
  text.transform((value) => (value === undefined ? fallback : Number(value))).pipe(z.number().min(least).max(most))
const integer = (fallback: number, least: number, most: number) => number(fallback, least, most).pipe(z.int())

/** Every setting there is. docs/settings.md and local.settings.sample.json are made from this table. */
export const settingTable = {
  storageConnectionString: setting({
    name: 'AzureWebJobsStorage',
    schema: text,
    meaning: 'Connection string of the storage account that holds all state. Needed unless AzureWebJobsStorage__accountName is set.',
    allowed: 'a storage connection string, or UseDevelopmentStorage=true',
    secret: true,
    sample: 'UseDevelopmentStorage=true',
  }),
  storageAccountName: setting({
    name: 'AzureWebJobsStorage__accountName',
    schema: text.pipe(
      z
        .string()
        .regex(/^[a-z0-9]{3,24}$/)
        .optional(),
    ),
    meaning: 'Name of that storage account when the app reaches it with its own identity instead of a connection string.',
    allowed: '3 to 24 lower-case letters and digits',
  }),
  tablePrefix: setting({
    name: 'SLIPWAY_TABLE_PREFIX',
    schema: text.transform((value) => value ?? 'slipway').pipe(z.string().regex(/^[a-z][a-z0-9]{0,19}$/)),
    meaning:
      'What the names of tables begin with, so that several installations share one storage account; also the tag slipway-owner of what this one makes in Azure.',
    allowed: '1 to 20 lower-case letters and digits, a letter first',
    default: 'slipway',
  }),
  apiUrl: setting({
    name: 'SLIPWAY_API_URL',
    schema: url.transform((value) => value ?? 'http://127.0.0.1:7071'),
    meaning: 'Address under which the agents on the clusters reach this API, without the trailing /api.',
    allowed: URL_WORDS,
    default: 'http://127.0.0.1:7071',
    sample: 'http://127.0.0.1:7071',
  }),
  subscriptionId: setting({
    name: 'SLIPWAY_SUBSCRIPTION_ID',
    schema: guid,
    meaning: 'Subscription of the account that is connected at the first start.',
    allowed: GUID,
  }),
  tenantId: setting({ name: 'SLIPWAY_TENANT_ID', schema: guid, meaning: 'Tenant of that account.', allowed: GUID }),
  credential: setting({
    name: 'SLIPWAY_CREDENTIAL',
    schema: text
      .transform((value) => value ?? 'default')
      .pipe(z.enum(['default', 'managed-identity', 'client-secret', 'workload-identity'])),
    meaning:
      'How the app signs in to that account: with what the Azure SDK finds, with its managed identity, with AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or as AZURE_CLIENT_ID that trusts an identity of the app in place of a secret.',
    allowed: 'default, managed-identity, client-secret or workload-identity',
    default: 'default',
  }),
  clientId: setting({
    name: 'AZURE_CLIENT_ID',
    schema: guid,
    meaning: 'Client id of the service principal, or of a user-assigned managed identity.',
    allowed: GUID,
  }),
  identityClientId: setting({
    name: 'SLIPWAY_IDENTITY_CLIENT_ID',
    schema: guid,
    meaning: 'With workload-identity: client id of the user-assigned managed identity that the service principal trusts.',
    allowed: GUID,
  }),
  clientSecret: setting({
    name: 'AZURE_CLIENT_SECRET',
    schema: text,
    meaning: 'Secret of the service principal.',
    allowed: 'the text that Azure showed when the secret was made',
    secret: true,
  }),
  azureGateway: setting({
    name: 'SLIPWAY_AZURE_GATEWAY',
    schema: url,
    meaning: "A simulated Azure that answers for Azure's own host names. Empty: the real Azure.",
    allowed: URL_WORDS,
  }),
  pollingSeconds: setting({
    name: 'SLIPWAY_POLLING_SECONDS',
    schema: number(1, 0.05, 60),
    meaning: 'Least time between two looks at something that Azure is doing, in seconds. Below 1 only on the embedded host.',
    allowed: 'a number from 0.05 to 60',
    default: '1',
  }),
  clockSpeed: setting({
    name: 'SLIPWAY_CLOCK_SPEED',
    schema: number(1, 1, 1000),
    meaning: 'How many times faster than the real one the simulated Azure runs; expected durations are divided by it.',
    allowed: 'a number from 1 to 1000',
    default: '1',
  }),
  firstKey: setting({
    name: 'SLIPWAY_FIRST_KEY',
    schema: text.pipe(
      z
        .string()
        .regex(/^swk_[\w-]{43}$/)
        .optional(),
    ),
    meaning: 'An admin key that holds from the first start on, to make the others with. Only its hash is stored.',
    allowed: 'swk_ and 43 characters of base64url (256 random bits)',
    secret: true,
  }),
  requestsPerMinute: setting({
    name: 'SLIPWAY_REQUESTS_PER_MINUTE',
    schema: integer(30_000, 1, 1_000_000),
    meaning: 'Most requests of one key in a minute, on each instance of the app.',
    allowed: 'a whole number from 1 to 1000000',
    default: '30000',
  }),
  failedKeysPerMinute: setting({
    name: 'SLIPWAY_FAILED_KEYS_PER_MINUTE',
    schema: integer(20, 1, 1000),
    meaning: 'Most wrong keys from one address in a minute, on each instance of the app.',
    allowed: 'a whole number from 1 to 1000',
    default: '20',
  }),
  bodyLimit: setting({
    name: 'SLIPWAY_BODY_LIMIT',
    schema: integer(1_048_576, 1024, 10_485_760),
    meaning: 'Largest request body in bytes.',
    allowed: 'a whole number from 1024 to 10485760',
    default: '1048576',
  }),
  retentionDays: setting({
    name: 'SLIPWAY_RETENTION_DAYS',
    schema: integer(90, 1, 3650),
    meaning: 'How long finished operations and runs are kept, in days.',
    allowed: 'a whole number from 1 to 3650',
    default: '90',
  }),
  healthPasses: setting({
    name: 'SLIPWAY_HEALTH_PASSES',
    schema: integer(3, 1, 100),
    meaning: 'How many times in a row each health check of an upgraded head must succeed before it gets the public address.',
    allowed: 'a whole number from 1 to 100',
    default: '3',
  }),
  healthMinutes: setting({
    name: 'SLIPWAY_HEALTH_MINUTES',
    schema: integer(15, 1, 50),
    meaning: 'How long the health checks of an upgraded head may take before the upgrade fails, in minutes.',
    allowed: 'a whole number from 1 to 50',
    default: '15',
  }),
  versionCheckHours: setting({
    name: 'SLIPWAY_VERSION_CHECK_HOURS',
    schema: integer(24, 1, 8760),
    meaning: 'How often clusters are told of newer versions, in hours; besides at each change of the catalogue.',
    allowed: 'a whole number from 1 to 8760',
    default: '24',
  }),
  registryReads: setting({
    name: 'SLIPWAY_REGISTRY_READS',
    schema: integer(64, 1, 256),
    meaning: 'Most calls at once that read from one container registry, on each instance of the app.',
    allowed: 'a whole number from 1 to 256',
    default: '64',
  }),
  registryDeletes: setting({
    name: 'SLIPWAY_REGISTRY_DELETES',
    schema: integer(64, 1, 256),
    meaning: 'Most calls at once that delete from one container registry, on each instance of the app.',
    allowed: 'a whole number from 1 to 256',
    default: '64',
  }),
  registryEnrolment: setting({
    name: 'SLIPWAY_REGISTRY_ENROLMENT',
    schema: text.transform((value) => value ?? 'tagged').pipe(z.enum(['none', 'tagged', 'all'])),
    meaning:
      'Which container registries are adopted when Event Grid tells of them: none, those with the tag slipway-retention, or all. They begin in preview mode.',
    allowed: 'none, tagged or all',
    default: 'tagged',
  }),
  keyVaultUrl: setting({
    name: 'SLIPWAY_KEY_VAULT_URL',
    schema: url,
    meaning: 'Key Vault that holds the secrets. Needed in Azure, where the disk of an instance does not last.',
    allowed: URL_WORDS,
  }),
  secretsFile: setting({
    name: 'SLIPWAY_SECRETS_FILE',
    schema: text.transform((value) => value ?? '~/.slipway/secrets.json').pipe(z.string().regex(/^(~\/|\/|[A-Za-z]:[\\/])/)),
    meaning: 'Where there is no Key Vault: the file that holds the secrets, encrypted; its key is kept beside it.',
    allowed: 'an absolute path outside the app folder; ~/ is the home of the user who runs the app',
    default: '~/.slipway/secrets.json',
    sample: '',
  }),
  easyAuth: setting({
    name: 'SLIPWAY_EASY_AUTH',
    schema: text.transform((value) => value ?? 'false').pipe(z.enum(['true', 'false']).transform((value) => value === 'true')),
    meaning: 'true only where App Service authentication stands before the app: then the app roles in its header are believed.',
    allowed: 'true or false',
    default: 'false',
  }),
} as const

type Value<S> = S extends Setting<infer T> ? T : never

export type Settings = { readonly [Name in keyof typeof settingTable]: Value<(typeof settingTable)[Name]> }
