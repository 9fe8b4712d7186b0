import type { Azure } from '../azure.ts'
import type { Resource } from '../resource.ts'
import type { BlobRequest } from './blob-request.ts'

/** What a handler works with, after authorisation. */
export interface BlobCall {
  readonly azure: Azure
  readonly account: Resource
  readonly asked: BlobRequest
  readonly request: Request
  readonly query: URLSearchParams
}
