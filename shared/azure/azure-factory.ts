import { type Account, accountSecret } from '../accounts/account.ts'
import { accountOf } from '../accounts/accounts.ts'
import type { Services } from '../services.ts'
import type { AzureClients } from './clients.ts'
import { gatewayHttpClient } from './gateway.ts'

export interface AzureFactory {
  /** Clients for a connected account; ProblemError where there is no such account or it cannot sign in. */
  forAccount(accountId: string): Promise<AzureClients>
  /** The account has been changed or removed: whoever asks next gets clients of its new self. */
  forget(accountId: string): void
}

/** How long, in milliseconds, an account is believed to be what it was: another instance of the app may have changed it. */
const BELIEVED_MS = 15_000

interface Made {
  readonly account: Account
  readonly clients: AzureClients
}

/**
 * Clients are made once for each account and kept: they hold connections and tokens. Their packages are loaded with the first ones,
 * because they are the greater part of the bundle and a start waits for what it loads.
 */
export function createAzureFactory(services: Pick<Services, 'tables' | 'settings' | 'secrets' | 'clock'>): AzureFactory {
  const { azureGateway } = services.settings
  const httpClient = azureGateway === undefined ? undefined : gatewayHttpClient(azureGateway)
  const known = new Map<string, { readonly made: Promise<Made>; readonly at: number }>()

  async function create(account: Account): Promise<Made> {
    const secret = account.credential === 'client-secret' ? await services.secrets.get(accountSecret(account.id)) : undefined
    const [{ createClients }, { createCredential }] = await Promise.all([import('./clients.ts'), import('./credential.ts')])
    return { account, clients: createClients(account.subscriptionId, createCredential(account, secret, httpClient), httpClient) }
  }

  async function look(accountId: string, before: Promise<Made> | undefined): Promise<Made> {
    const account = await accountOf(services, accountId)
    const made = await before?.catch(() => undefined)
    return made && JSON.stringify(made.account) === JSON.stringify(account) ? made : create(account)
  }

  return {
    async forAccount(accountId) {
      const now = services.clock.now()
      const before = known.get(accountId)
      if (before && now - before.at < BELIEVED_MS) return (await before.made).clients
      const made = look(accountId, before?.made)
      known.set(accountId, { made, at: now })
      // A failure is not kept: the next call may find the settings or the storage mended.
      made.catch(() => known.delete(accountId))
      return (await made).clients
    },
    forget: (accountId) => void known.delete(accountId),
  }
}
