import type { TokenCredential } from '@azure/core-auth'
import type { HttpClient } from '@azure/core-rest-pipeline'
import { ClientSecretCredential, DefaultAzureCredential, ManagedIdentityCredential } from '@azure/identity'
import type { Account } from '../accounts/account.ts'
import { ProblemError } from '../problem.ts'

/** A sign-in that fails for a moment is tried again here; beyond that the steps' own patience holds. */
const SIGN_IN_RETRIES = { maxRetries: 2, retryDelayInMs: 200 }

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
    case 'default':
      return new DefaultAzureCredential({ ...options, ...(account.tenantId && { tenantId: account.tenantId }) })
  }
}

const incomplete = (account: Account): ProblemError =>
  new ProblemError({
    code: 'invalid',
    message: `The account ${account.name} has no service principal to sign in with.`,
    remedy: 'Set SLIPWAY_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.',
    retryable: false,
  })
