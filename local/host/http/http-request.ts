import type { IncomingMessage } from 'node:http'
import type { TypedData } from '../typed-data.ts'

/** Bytes: the official host's limit for a request's body. */
export const BODY_LIMIT = 100 * 1024 * 1024

export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError'
}

/** @throws BodyTooLargeError as soon as more than `limit` bytes have come. */
export async function readBody(request: IncomingMessage, limit = BODY_LIMIT): Promise<Buffer> {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  if (encoding === undefined && (length === undefined || length === '0')) return EMPTY
  if (Number(length) > limit) throw new BodyTooLargeError()
  const chunks: Buffer[] = []
  let size = 0
  // The connection must outlive a refused body, or the caller would not get to read the refusal.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw new BodyTooLargeError()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const EMPTY = Buffer.alloc(0)

/** Headers by lower-case name; those without a value are left out, as the official host does. */
export function plainHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return headers
}

/** What an HTTP trigger is given. */
export function requestData(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  params: Readonly<Record<string, string>>,
  body: Buffer,
): TypedData {
  return { http: { method, url, headers, params, query: joinedQuery(url), ...(body.length > 0 && { body: { bytes: body } }) } }
}

/** The values of a key that comes more than once arrive joined by commas. */
function joinedQuery(url: string): Record<string, string> {
  const start = url.indexOf('?')
  if (start < 0) return {}
  const query = new Map<string, string>()
  for (const [key, value] of new URLSearchParams(url.slice(start))) {
    const before = query.get(key)
    query.set(key, before === undefined ? value : `${before},${value}`)
  }
  return Object.fromEntries(query)
}
