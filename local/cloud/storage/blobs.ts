import type { BlobCall } from './blob-call.ts'
import { containerOf } from './blob-containers.ts'
import { BlobError, blobNotFound, conditionNotMet } from './blob-error.ts'
import { type Blob, deleteBlob, getBlob, LARGEST_BLOB, putBlob } from './blob-store.ts'
import { NAME_MESSAGES } from './container.ts'
import { metadataHeaders, metadataOf } from './metadata.ts'

/** Characters of a blob's name [learn: naming-and-referencing-containers--blobs--and-metadata]. */
const LONGEST_NAME = 1024

function placeOf({ account, asked }: BlobCall): readonly [string, string, string] {
  return [account.name, asked.container, asked.blob]
}

/** If-Match and If-None-Match, by exact ETag or `*`. */
function checkConditions(headers: Headers, blob: Blob | undefined): void {
  const match = headers.get('if-match')
  const noneMatch = headers.get('if-none-match')
  if (noneMatch === '*' && blob) throw new BlobError(409, 'BlobAlreadyExists', 'The specified blob already exists.')
  if (match !== null && (!blob || (match !== '*' && match !== blob.etag))) throw conditionNotMet()
  if (noneMatch !== null && noneMatch === blob?.etag) throw conditionNotMet()
}

function headersOf(blob: Blob): Record<string, string> {
  return { ETag: blob.etag, 'Last-Modified': new Date(blob.changedAt).toUTCString() }
}

export async function writeBlobRequest(call: BlobCall): Promise<Response> {
  const { azure, request } = call
  if (call.asked.blob.length > LONGEST_NAME) throw new BlobError(400, 'OutOfRangeInput', NAME_MESSAGES.OutOfRangeInput)
  if (request.headers.get('x-ms-blob-type') !== 'BlockBlob')
    throw new BlobError(400, 'InvalidHeaderValue', 'The value for one of the HTTP headers is not in the correct format.')
  const length = request.headers.get('content-length')
  // Node reads no further than the length that was announced, so that checking it here bounds what is read.
  if (length === null) throw new BlobError(411, 'MissingContentLengthHeader', 'Content-Length HTTP header is missing')
  if (Number(length) > LARGEST_BLOB)
    throw new BlobError(413, 'RequestBodyTooLarge', 'The request body is too large and exceeds the maximum permissible limit.')
  const content = new Uint8Array(await request.arrayBuffer())
  const blob = azure.change(() => {
    containerOf(call)
    checkConditions(request.headers, getBlob(azure, ...placeOf(call)))
    return putBlob(azure, placeOf(call), {
      content,
      contentType: request.headers.get('x-ms-blob-content-type') ?? request.headers.get('content-type') ?? 'application/octet-stream',
      metadata: metadataOf(request.headers),
    })
  })
  return new Response(null, {
    status: 201,
    headers: { ...headersOf(blob), 'Content-MD5': blob.md5, 'x-ms-request-server-encrypted': 'true' },
  })
}

/** `bytes=first-[last]` of `x-ms-range`, which wins, or `Range`. */
function rangeOf(headers: Headers, size: number): { first: number; last: number } | undefined {
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers.get('x-ms-range') ?? headers.get('range') ?? '')
  if (!range) return undefined
  const first = Number(range[1])
  if (first >= size)
    throw new BlobError(416, 'InvalidRange', 'The range specified is invalid for the current size of the resource.', {
      'Content-Range': `bytes */${size}`,
    })
  return { first, last: Math.min(range[2] ? Number(range[2]) : size - 1, size - 1) }
}

export function readBlobRequest(call: BlobCall): Response {
  const { azure, request } = call
  containerOf(call)
  const blob = getBlob(azure, ...placeOf(call))
  if (!blob) throw blobNotFound()
  checkConditions(request.headers, blob)
  const content = Buffer.from(blob.content, 'base64')
  const range = rangeOf(request.headers, content.length)
  const body = range ? content.subarray(range.first, range.last + 1) : content
  return new Response(request.method === 'HEAD' ? null : new Uint8Array(body), {
    status: range ? 206 : 200,
    headers: {
      ...headersOf(blob),
      ...metadataHeaders(blob.metadata),
      'Content-Length': String(body.length),
      'Content-Type': blob.contentType,
      ...(range ? { 'Content-Range': `bytes ${range.first}-${range.last}/${content.length}` } : { 'Content-MD5': blob.md5 }),
      'Accept-Ranges': 'bytes',
      'x-ms-blob-type': 'BlockBlob',
      'x-ms-creation-time': new Date(blob.createdAt).toUTCString(),
      'x-ms-lease-status': 'unlocked',
      'x-ms-lease-state': 'available',
      'x-ms-server-encrypted': 'true',
    },
  })
}

export function deleteBlobRequest(call: BlobCall): Response {
  const { azure, request } = call
  azure.change(() => {
    containerOf(call)
    const blob = getBlob(azure, ...placeOf(call))
    if (!blob) throw blobNotFound()
    checkConditions(request.headers, blob)
    deleteBlob(azure, ...placeOf(call))
  })
  return new Response(null, { status: 202 })
}
