import { AuthorizationManagementClient } from '@azure/arm-authorization'
import { ComputeManagementClient } from '@azure/arm-compute'
import { ManagedServiceIdentityClient } from '@azure/arm-msi'
import { NetworkManagementClient } from '@azure/arm-network'
import { ResourceManagementClient } from '@azure/arm-resources'
import { StorageManagementClient } from '@azure/arm-storage'
import type { TokenCredential } from '@azure/core-auth'
import type { HttpClient } from '@azure/core-rest-pipeline'
import { type BlobService, createBlobService } from './blob-service.ts'

/** The official clients for one subscription. */
export interface AzureClients {
  readonly subscriptionId: string
  /** For services that have no client here. */
  readonly credential: TokenCredential
  readonly compute: ComputeManagementClient
  readonly network: NetworkManagementClient
  readonly storage: StorageManagementClient
  readonly resources: ResourceManagementClient
  readonly identities: ManagedServiceIdentityClient
  readonly authorization: AuthorizationManagementClient
  readonly blobs: BlobService
}

/** The executor waits and repeats with Azure's own Retry-After, and shows what it waits for: a client that waits inside a call would hide it. */
const NO_RETRIES = { maxRetries: 0 }

export function createClients(subscriptionId: string, credential: TokenCredential, httpClient?: HttpClient): AzureClients {
  const options = { retryOptions: NO_RETRIES, ...(httpClient && { httpClient }) }
  return {
    subscriptionId,
    credential,
    compute: new ComputeManagementClient(credential, subscriptionId, options),
    network: new NetworkManagementClient(credential, subscriptionId, options),
    storage: new StorageManagementClient(credential, subscriptionId, options),
    resources: new ResourceManagementClient(credential, subscriptionId, options),
    identities: new ManagedServiceIdentityClient(credential, subscriptionId, options),
    authorization: new AuthorizationManagementClient(credential, subscriptionId, options),
    blobs: createBlobService(credential, httpClient),
  }
}
