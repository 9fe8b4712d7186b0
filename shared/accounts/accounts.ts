import { invalid, ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import type { Table } from '../storage/table.ts'
import { type Account, accountSchema, accountSecret } from './account.ts'

export const ACCOUNT_PARTITION = 'account'

/** The account that is made from the settings, and that requests mean which name none. */
export const DEFAULT_ACCOUNT = 'default'

export const accountIdPattern = /^(?:default|[0-9a-f]{16})$/

/** More subscriptions than this are not listed. */
const MOST_ACCOUNTS = 1000

type World = Pick<Services, 'tables' | 'settings' | 'secrets' | 'clock'>

export const accountTable = ({ tables }: Pick<Services, 'tables'>): Table<Account> => tables.table('accounts', accountSchema)

/** Undefined where there is none of this id; the one of the settings is made when it is asked for first. */
export async function findAccount(services: World, id: string): Promise<Account | undefined> {
  // What cannot be one of our ids may hold characters that a row key must not.
  if (!accountIdPattern.test(id)) return undefined
  const table = accountTable(services)
  const stored = await table.get(ACCOUNT_PARTITION, id)
  const given = id === DEFAULT_ACCOUNT ? fromSettings(services) : undefined
  if (!given) return stored?.value
  const { createdOn = given.createdOn, activeOperation } = stored?.value ?? {}
  const account = { ...given, createdOn, ...(activeOperation !== undefined && { activeOperation }) }
  if (stored && JSON.stringify(stored.value) === JSON.stringify(account)) return account
  if (services.settings.clientSecret) await services.secrets.put(accountSecret(id), services.settings.clientSecret)
  await table.upsert(ACCOUNT_PARTITION, id, account)
  return account
}

/** As `findAccount`; ProblemError `invalid` where there is none. */
export async function accountOf(services: World, id: string, field = 'accountId'): Promise<Account> {
  const account = await findAccount(services, id)
  if (account) return account
  if (id !== DEFAULT_ACCOUNT) invalid(field, 'there is no such account')
  throw new ProblemError({
    code: 'invalid',
    message: 'No Azure subscription is connected.',
    remedy:
      'Connect one with POST /api/accounts, or set SLIPWAY_SUBSCRIPTION_ID and, for a service principal, SLIPWAY_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.',
    retryable: false,
  })
}

/**
 * The account that a request means: the named one, else that of the settings, else the only one. Never one that is being removed.
 * `field`: where the request names it.
 */
export async function chosenAccount(services: World, id: string | undefined, field = 'accountId'): Promise<Account> {
  const account = await (id === undefined ? fallbackAccount(services, field) : accountOf(services, id, field))
  if (account.leaving) invalid(field, 'the account is being removed')
  return account
}

async function fallbackAccount(services: World, field: string): Promise<Account> {
  const all = await listAccounts(services)
  const [only] = all
  const fallback = all.find(({ id }) => id === DEFAULT_ACCOUNT) ?? (all.length === 1 ? only : undefined)
  if (fallback) return fallback
  return all.length === 0 ? accountOf(services, DEFAULT_ACCOUNT) : invalid(field, 'is needed: several subscriptions are connected')
}

export async function listAccounts(services: World): Promise<readonly Account[]> {
  await findAccount(services, DEFAULT_ACCOUNT)
  const { items } = await accountTable(services).list(ACCOUNT_PARTITION, { limit: MOST_ACCOUNTS })
  return items.map(({ value }) => value)
}

/** Settings win over what they said at an earlier start: whoever changes them expects that. */
function fromSettings({ settings, clock }: Pick<Services, 'settings' | 'clock'>): Account | undefined {
  if (!settings.subscriptionId) return undefined
  return {
    id: DEFAULT_ACCOUNT,
    name: DEFAULT_ACCOUNT,
    ...(settings.tenantId && { tenantId: settings.tenantId }),
    subscriptionId: settings.subscriptionId,
    credential: settings.credential,
    ...(settings.clientId && { clientId: settings.clientId }),
    ...(settings.credential === 'workload-identity' && settings.identityClientId && { identityClientId: settings.identityClientId }),
    createdOn: Math.floor(clock.now() / 1000),
  }
}
