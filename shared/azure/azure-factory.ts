import { type Account, accountSecret } from '../accounts/account.ts'
import { accountOf } from '../accounts/accounts.ts'
import type { Services } from '../services.ts'
import type { AzureClients } from './clients.ts'
import { gatewayHttpClient } from './gateway.ts'

export interface AzureFactory {
  /** Clients for a connected account; ProblemError where there is no such account or it cannot sign in. */
  forAccount(accountId: string): Promise<AzureClients>
}

/**
 * Clients are made once for each account and kept: they hold connections and tokens. Their packages are loaded with the first ones,
 * because they are the greater part of the bundle and a start waits for what it loads.
 */
export function createAzureFactory(services: Pick<Services, 'tables' | 'settings' | 'secrets' | 'clock'>): AzureFactory {
  const { azureGateway } = services.settings
  const httpClient = azureGateway === undefined ? undefined : gatewayHttpClient(azureGateway)
  const known = new Map<string, Promise<AzureClients>>()

  async function create(account: Account): Promise<AzureClients> {
    const secret = account.credential === 'client-secret' ? await services.secrets.get(accountSecret(account.id)) : undefined
    const [{ createClients }, { createCredential }] = await Promise.all([import('./clients.ts'), import('./credential.ts')])
    return createClients(account.subscriptionId, createCredential(account, secret, httpClient), httpClient)
  }

  return {
    forAccount(accountId) {
      const clients = known.get(accountId) ?? accountOf(services, accountId).then(create)
      known.set(accountId, clients)
      // A failure is not kept: the next call may find the settings or the storage mended.
      clients.catch(() => known.delete(accountId))
      return clients
    },
  }
}
