import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import type { Table } from '../storage/table.ts'
import { type Account, accountSchema, accountSecret } from './account.ts'

const PARTITION = 'account'

/** The account that is made from the settings, and that requests mean which name none. */
export const DEFAULT_ACCOUNT = 'default'

export const accountTable = ({ tables }: Pick<Services, 'tables'>): Table<Account> => tables.table('accounts', accountSchema)

/** The account, made from the settings when it is the first one; ProblemError `invalid` where there is none to make. */
export async function accountOf(services: Pick<Services, 'tables' | 'settings' | 'secrets' | 'clock'>, id: string): Promise<Account> {
  const table = accountTable(services)
  const stored = await table.get(PARTITION, id)
  const given = id === DEFAULT_ACCOUNT ? fromSettings(services) : undefined
  if (!given) {
    if (stored) return stored.value
    throw new ProblemError({
      code: 'invalid',
      message: 'No Azure subscription is connected.',
      remedy: 'Set SLIPWAY_SUBSCRIPTION_ID and, for a service principal, SLIPWAY_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.',
      retryable: false,
    })
  }
  const account = { ...given, createdOn: stored?.value.createdOn ?? given.createdOn }
  if (stored && JSON.stringify(stored.value) === JSON.stringify(account)) return account
  if (services.settings.clientSecret) await services.secrets.put(accountSecret(id), services.settings.clientSecret)
  await table.upsert(PARTITION, id, account)
  return account
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
    createdOn: Math.floor(clock.now() / 1000),
  }
}
