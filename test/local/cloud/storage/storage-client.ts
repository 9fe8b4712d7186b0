import { StorageManagementClient } from '@azure/arm-storage'
import type { TokenCredential } from '@azure/core-auth'
import { BlobServiceClient } from '@azure/storage-blob'
import { assignRole } from '../../../../local/cloud/authorization/role-assignments.ts'
import { storageProvider } from '../../../../local/cloud/storage/storage-provider.ts'
import { type TestCloud, testCloud } from '../sdk.ts'
import { blobHttpClient } from './blob-http-client.ts'

export const GROUP = 'slipway'
export const ACCOUNT = 'slipwaystorage'

const BLOB_DATA_CONTRIBUTOR = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

/** A simulated Azure with the official clients for its storage. */
export interface StorageWorld {
  readonly cloud: TestCloud
  readonly client: StorageManagementClient
  /** The account's blob service, as `credential` (default: as one who may read and write blobs). */
  blobs(credential?: TokenCredential, account?: string): BlobServiceClient
}

export async function storageWorld(): Promise<StorageWorld> {
  const cloud = await testCloud({ providers: [storageProvider] })
  const { azure, landingZone } = cloud
  const { subscriptionId, you } = landingZone
  // Being owner is not enough to read a blob: an owner's role has no data actions.
  azure.change(() =>
    assignRole(azure, {
      name: azure.uuid(),
      scope: `/subscriptions/${subscriptionId}`,
      role: BLOB_DATA_CONTRIBUTOR,
      principalId: you.objectId,
      effectiveIn: 0,
    }),
  )
  return {
    cloud,
    client: new StorageManagementClient(cloud.owner, subscriptionId, cloud.clientOptions),
    blobs: (credential = cloud.owner, account = ACCOUNT) =>
      new BlobServiceClient(`https://${account}.blob.core.windows.net`, credential, {
        httpClient: blobHttpClient(cloud.clientOptions.httpClient),
        retryOptions: { maxTries: 1 },
      }),
  }
}
