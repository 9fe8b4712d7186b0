import { createHttpHeaders, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline'
import type { StoragePipelineOptions } from '@azure/storage-blob'

type BlobHttpClient = NonNullable<StoragePipelineOptions['httpClient']>

/** `httpClient` as @azure/storage-blob takes it: with the headers of the former core library, whose `toJson` is spelled otherwise. */
export function blobHttpClient(httpClient: HttpClient): BlobHttpClient {
  return {
    async sendRequest(request: Parameters<BlobHttpClient['sendRequest']>[0]) {
      const response = await httpClient.sendRequest({
        ...toPlain(request),
        headers: createHttpHeaders(request.headers.toJson({ preserveCase: true })),
      })
      return { ...response, request, headers: Object.assign(response.headers, { toJson: response.headers.toJSON }) }
    },
  } as unknown as BlobHttpClient
}

/** The members of a PipelineRequest, which the former library's request hands through. */
function toPlain(request: object): PipelineRequest {
  const { url, method, body, timeout, withCredentials, requestId, abortSignal, streamResponseStatusCodes } = request as PipelineRequest
  return { url, method, body, timeout, withCredentials, requestId, abortSignal, streamResponseStatusCodes } as PipelineRequest
}
