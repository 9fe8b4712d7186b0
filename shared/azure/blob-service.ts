import type { TokenCredential } from '@azure/core-auth'
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  RestError,
} from '@azure/core-rest-pipeline'

/** The data plane of blob storage, as far as it is asked here. */
export interface BlobService {
  /** Whether a container that exists holds no blob. */
  isEmpty(storageAccount: string, container: string): Promise<boolean>
}

/** [learn: rest/api/storageservices/versioning-for-the-azure-storage-services] */
const SERVICE_VERSION = '2024-11-04'

/** The blob SDK's clients take no HTTP client of the other SDKs' kind, and one list request is all that is needed. */
export function createBlobService(credential: TokenCredential, httpClient: HttpClient = createDefaultHttpClient()): BlobService {
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } })
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: 'https://storage.azure.com/.default' }))
  return {
    async isEmpty(storageAccount, container) {
      const request = createPipelineRequest({
        url: `https://${storageAccount}.blob.core.windows.net/${container}?restype=container&comp=list&maxresults=1`,
        headers: createHttpHeaders({ 'x-ms-version': SERVICE_VERSION }),
      })
      const response = await pipeline.sendRequest(httpClient, request)
      const text = response.bodyAsText ?? ''
      if (response.status === 200) return !/<Blob>/.test(text)
      const code = response.headers.get('x-ms-error-code') ?? /<Code>([^<]*)</.exec(text)?.[1]
      const message = /<Message>([^<\n]*)/.exec(text)?.[1] ?? `The storage account ${storageAccount} answered ${response.status}.`
      throw new RestError(message, { statusCode: response.status, request, response, ...(code && { code }) })
    },
  }
}
