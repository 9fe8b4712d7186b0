import { Readable } from 'node:stream'
import { requireDigest } from './content-digest.ts'
import type { DataCall } from './data-call.ts'
import { requireName } from './data-request.ts'
import { RegistryError } from './registry-error.ts'

/** Bytes of one layer; a bound for the simulator's disk, far below Azure's. */
const LARGEST_BLOB = 8 * 1024 ** 3
const MAX_OPEN_UPLOADS = 1_000

const blobUnknown = (digest: string) => new RegistryError(404, 'BLOB_UNKNOWN', 'blob unknown to registry', { digest })
const uploadUnknown = () => new RegistryError(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry')

export function pullBlob({ asked, contents, request }: DataCall): Response {
  const digest = requireDigest(asked.reference)
  const size = contents.blob(asked.repository, digest) && contents.bytes.blobSize(digest)
  if (size === undefined) throw blobUnknown(digest)
  const range = rangeOf(request.headers.get('range'), size)
  const headers = {
    'Content-Type': 'application/octet-stream',
    'Docker-Content-Digest': digest,
    'Accept-Ranges': 'bytes',
    'Content-Length': String(range ? range.last - range.first + 1 : size),
    ...(range && { 'Content-Range': `bytes ${range.first}-${range.last}/${size}` }),
  }
  const body = request.method === 'HEAD' ? null : (Readable.toWeb(contents.bytes.blobStream(digest, range)) as ReadableStream)
  return new Response(body, { status: range ? 206 : 200, headers })
}

function rangeOf(header: string | null, size: number): { first: number; last: number } | undefined {
  const range = /^bytes=(\d+)-(\d*)$/.exec(header ?? '')
  if (!range) return undefined
  const first = Number(range[1])
  const last = Math.min(range[2] ? Number(range[2]) : size - 1, size - 1)
  if (first > last) throw new RegistryError(416, 'RANGE_INVALID', 'invalid content range')
  return { first, last }
}

/** POST: a mount from another repository, a whole blob at once (`digest`), or the start of an upload. */
export async function startUpload(call: DataCall): Promise<Response> {
  const { asked, azure, contents, query } = call
  const mount = query.get('mount')
  const from = query.get('from')
  // Who may not pull there uploads instead, as when the blob is missing: the answer tells nothing about it.
  if (mount !== null && from !== null && call.may('pull', requireName(from))) {
    const digest = requireDigest(mount)
    const link = contents.blob(from, digest)
    if (link && contents.bytes.blobSize(digest) !== undefined) {
      contents.change(() => contents.linkBlob(asked.repository, digest, link))
      return created(call, digest)
    }
  }
  if (contents.bytes.openUploads() >= MAX_OPEN_UPLOADS) throw new RegistryError(429, 'TOOMANYREQUESTS', 'too many open uploads')
  const id = azure.uuid()
  contents.bytes.startUpload(id)
  if (query.get('digest') !== null) return finish(call, id)
  return progress(call, id, 202)
}

export function readUpload(call: DataCall): Response {
  return progress(call, requireUpload(call), 204)
}

export async function continueUpload(call: DataCall): Promise<Response> {
  const id = requireUpload(call)
  await append(call, id)
  return progress(call, id, 202)
}

export function finishUpload(call: DataCall): Promise<Response> {
  return finish(call, requireUpload(call))
}

export function cancelUpload(call: DataCall): Response {
  call.contents.bytes.cancelUpload(requireUpload(call))
  return new Response(null, { status: 204 })
}

/** The id is a file's name: nothing but what `azure.uuid` makes. */
function requireUpload({ asked, contents }: DataCall): string {
  const id = asked.reference
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) || contents.bytes.uploadSize(id) === undefined) throw uploadUnknown()
  return id
}

async function append({ contents, request }: DataCall, id: string): Promise<void> {
  let size = contents.bytes.uploadSize(id) ?? 0
  const start = /^(\d+)-\d+$/.exec(request.headers.get('content-range') ?? '')?.[1]
  if (start !== undefined && Number(start) !== size) throw new RegistryError(416, 'RANGE_INVALID', 'invalid content range')
  const { body } = request
  if (!body) return
  async function* bounded(content: ReadableStream<Uint8Array>) {
    for await (const chunk of content) {
      size += chunk.byteLength
      if (size > LARGEST_BLOB) throw new RegistryError(413, 'SIZE_INVALID', 'provided length did not match content length')
      yield chunk
    }
  }
  await contents.bytes.continueUpload(id, bounded(body))
}

async function finish(call: DataCall, id: string): Promise<Response> {
  const { asked, contents, query } = call
  const digest = requireDigest(query.get('digest') ?? '')
  await append(call, id)
  const size = contents.bytes.uploadSize(id)
  if (size === undefined) throw uploadUnknown()
  if ((await contents.bytes.uploadDigest(id)) !== digest) {
    contents.bytes.cancelUpload(id)
    throw new RegistryError(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content', { digest })
  }
  contents.bytes.finishUpload(id, digest)
  contents.change(() => contents.linkBlob(asked.repository, digest, { size }))
  return created(call, digest)
}

function created({ asked }: DataCall, digest: string): Response {
  return new Response(null, {
    status: 201,
    headers: { Location: `/v2/${asked.repository}/blobs/${digest}`, 'Docker-Content-Digest': digest },
  })
}

function progress({ asked, contents }: DataCall, id: string, status: 202 | 204): Response {
  const size = contents.bytes.uploadSize(id) ?? 0
  return new Response(null, {
    status,
    headers: {
      Location: `/v2/${asked.repository}/blobs/uploads/${id}`,
      'Docker-Upload-Uuid': id,
      Range: `0-${Math.max(0, size - 1)}`,
    },
  })
}
