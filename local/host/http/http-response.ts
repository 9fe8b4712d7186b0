import type { ServerResponse } from 'node:http'
import type { RawResponse } from '../extension.ts'
import type { HttpCookie, TypedData } from '../typed-data.ts'

/** Statuses that have no body. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304])

/** What a handler has returned, as the official host puts it on the wire; nothing returned is 204. */
export function toRawResponse(returned: TypedData | undefined): RawResponse {
  const data = returned?.http
  if (!data) return { status: 204 }
  const cookies = (data.cookies ?? []).map(setCookie)
  const bytes = data.body?.bytes
  return {
    status: Number(data.statusCode ?? 200),
    headers: { ...data.headers, ...(cookies.length > 0 && { 'set-cookie': cookies }) },
    body: bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : (data.body?.string ?? ''),
  }
}

export function send(response: ServerResponse, { status, headers = {}, body = '' }: RawResponse): void {
  if (WITHOUT_BODY.has(status)) {
    response.writeHead(status, headers).end()
    return
  }
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
}

export function json(status: number, content: unknown): RawResponse {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(content) }
}

export function text(status: number, body: string): RawResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body }
}

/** The attributes in the official host's order. */
function setCookie(cookie: HttpCookie): string {
  const parts = [`${cookie.name}=${encodeURIComponent(cookie.value)}`]
  if (cookie.expires) parts.push(`expires=${new Date(cookie.expires.value.seconds * 1000).toUTCString()}`)
  if (cookie.maxAge) parts.push(`max-age=${cookie.maxAge.value}`)
  if (cookie.domain) parts.push(`domain=${cookie.domain.value}`)
  if (cookie.path) parts.push(`path=${cookie.path.value}`)
  if (cookie.secure?.value) parts.push('secure')
  const sameSite = cookie.sameSite === 'explicitNone' ? 'none' : cookie.sameSite
  if (cookie.sameSite && cookie.sameSite !== 'none') parts.push(`samesite=${sameSite}`)
  if (cookie.httpOnly?.value) parts.push('httponly')
  return parts.join('; ')
}
