import type { TokenCredential } from '@azure/core-auth'
import type { HttpClient } from '@azure/core-rest-pipeline'
import { ClientAssertionCredential, ClientSecretCredential, DefaultAzureCredential, ManagedIdentityCredential } from '@azure/identity'
import type { Account } from '../accounts/account.ts'
import { ProblemError } from '../problem.ts'

/** A sign-in that fails for a moment is tried again here; beyond that the steps' own patience holds. */
const SIGN_IN_RETRIES = { maxRetries: 2, retryDelayInMs: 200 }

/** What a service principal that trusts a managed identity is shown instead of a secret [learn: workload-identity-federation-config-app-trust-managed-identity]. */
const TOKEN_EXCHANGE = 'api://AzureADTokenExchange/.default'

/** How the app signs in to an account. Tokens are kept and renewed by the credential. */
export function createCredential(account: Account, secret: string | undefined, httpClient: HttpClient | undefined): TokenCredential {
  const options = { retryOptions: SIGN_IN_RETRIES, ...(httpClient && { httpClient, disableInstanceDiscovery: true }) }
  switch (account.credential) {
    case 'client-secret':
      if (!account.tenantId || !account.clientId || !secret) throw incomplete(account)
      return new ClientSecretCredential(account.tenantId, account.clientId, secret, options)
    case 'managed-identity':
      return account.clientId
        ? new ManagedIdentityCredential({ clientId: account.clientId, ...options })
        : new ManagedIdentityCredential(options)
    case 'workload-identity': {
      // A service principal cannot trust the identity that the app has of itself: it must be one that was made for it.
      if (!account.tenantId || !account.clientId || !account.identityClientId) throw incomplete(account)
      const own = new ManagedIdentityCredential({ clientId: account.identityClientId, ...options })
      const assertion = async () => (await own.getToken(TOKEN_EXCHANGE)).token
      return new ClientAssertionCredential(account.tenantId, account.clientId, assertion, options)
    }
    case 'default':
      return new DefaultAzureCredential({ ...options, ...(account.tenantId && { tenantId: account.tenantId }) })
  }
}

const incomplete = (account: Account): ProblemError =>
  new ProblemError({
    code: 'invalid',
    message: `The account ${account.name} lacks what a service principal signs in with.`,
    remedy:
      account.credential === 'workload-identity'
        ? 'Give it a tenant, a client id and identityClientId, the client id of the user-assigned identity that the service principal trusts: PUT /api/accounts/<id>, or SLIPWAY_TENANT_ID, AZURE_CLIENT_ID and SLIPWAY_IDENTITY_CLIENT_ID.'
        : 'Give it a tenant, a client id and a secret: PUT /api/accounts/<id>, or SLIPWAY_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.',
    retryable: false,
  })
