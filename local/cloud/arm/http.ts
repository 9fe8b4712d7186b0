import type { Principal } from '../azure.ts'
import type { Json, JsonObject } from '../resource.ts'
import { requiredApiVersion } from './api-version.ts'
import type { Arm, ArmRequest, ArmResponse } from './arm.ts'
import { ArmError } from './arm-error.ts'
import { handleArm } from './engine.ts'
import type { Throttle } from './throttle.ts'

/** ARM's limit for a request's body [learn: request-limits-and-throttling]. */
const MAX_BODY = 4 * 1024 * 1024
const MAX_PATH = 4_000

const ARM_AUDIENCE = 'https://management.azure.com'

const METHODS: readonly string[] = ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE']

export interface ArmHttp {
  readonly arm: Arm
  readonly throttle: Throttle
  /** Waits as long as ARM takes to answer a read or a write. */
  readonly latency: (kind: 'request.read' | 'request.write') => Promise<void>
  readonly origin: (request: Request) => string
  /** Told the name of the operation, for counting. */
  readonly onOperation: (operation: string) => void
}

/** One HTTP request to management.azure.com. Throws ConnectionCut alone. */
export async function answerArm(http: ArmHttp, request: Request): Promise<Response> {
  const { azure } = http.arm
  const ids = { 'x-ms-request-id': azure.uuid(), 'x-ms-correlation-request-id': azure.uuid(), 'Cache-Control': 'no-cache' }
  const clientRequestId = request.headers.get('x-ms-client-request-id')
  const headers: Record<string, string> = { ...ids, ...(clientRequestId && { 'x-ms-client-request-id': clientRequestId.slice(0, 100) }) }
  try {
    const body = await bodyOf(request)
    await http.latency(request.method === 'GET' || request.method === 'HEAD' ? 'request.read' : 'request.write')
    const armRequest = understand(http, request, body)
    const subscription = /^\/subscriptions\/([^/]+)/i.exec(armRequest.path)?.[1]
    if (subscription) Object.assign(headers, http.throttle.take(request.method, subscription, armRequest.caller.clientId))
    const answer = handleArm(http.arm, armRequest, http.onOperation)
    return toResponse(answer, headers)
  } catch (error) {
    if (error instanceof ArmError) return toResponse({ status: error.status, body: error.toBody(), headers: error.headers }, headers)
    if (error instanceof Error && error.name === 'ConnectionCut') throw error
    azure.log(`${request.method} ${new URL(request.url).pathname}: ${error instanceof Error ? error.stack : error}`)
    return toResponse(
      { status: 500, body: { error: { code: 'InternalServerError', message: 'The simulator failed; see its log.' } } },
      headers,
    )
  }
}

function understand(http: ArmHttp, request: Request, body: JsonObject): ArmRequest {
  const url = new URL(request.url)
  if (!METHODS.includes(request.method))
    throw new ArmError(405, 'HttpMethodNotAllowed', `The HTTP method '${request.method}' is not supported.`)
  const caller = requireCaller(http, request)
  return {
    method: request.method as ArmRequest['method'],
    path: decodePath(url.pathname),
    query: url.searchParams,
    apiVersion: requiredApiVersion(url.searchParams),
    headers: request.headers,
    body,
    caller,
    origin: http.origin(request),
  }
}

function requireCaller({ arm: { azure } }: ArmHttp, request: Request): Principal {
  const authorization = request.headers.get('authorization')
  const caller = azure.authenticate(authorization, ARM_AUDIENCE)
  if (caller) return caller
  const challenge = `Bearer authorization_uri="https://login.microsoftonline.com/${azure.directory.tenantId}", error="invalid_token"`
  const headers = { 'WWW-Authenticate': challenge }
  if (authorization === null)
    throw new ArmError(401, 'AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.", { headers })
  throw new ArmError(401, 'InvalidAuthenticationToken', 'The access token is invalid or has expired.', { headers })
}

/** Clients write scopes with a leading slash into paths that have one: `//subscriptions/…` is one slash for ARM. */
function decodePath(pathname: string): string {
  if (pathname.length > MAX_PATH) throw new ArmError(414, 'RequestUriTooLong', 'The request URI is too long.')
  try {
    return decodeURIComponent(pathname)
      .replace(/\/{2,}/g, '/')
      .replace(/(.)\/$/, '$1')
  } catch {
    throw new ArmError(400, 'InvalidRequestUri', 'The request URI is not encoded as it must be.')
  }
}

async function bodyOf(request: Request): Promise<JsonObject> {
  if (request.method === 'GET' || request.method === 'HEAD' || !request.body) return {}
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.byteLength
    if (size > MAX_BODY)
      throw new ArmError(413, 'RequestEntityTooLarge', `The request content size exceeds the maximum size of '${MAX_BODY}' bytes.`)
    chunks.push(chunk)
  }
  if (size === 0) return {}
  let body: unknown
  try {
    body = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new ArmError(400, 'InvalidRequestContent', 'The request content was invalid and could not be deserialized: it is not JSON.')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new ArmError(
      400,
      'InvalidRequestContent',
      'The request content was invalid and could not be deserialized: an object is expected.',
    )
  return body as JsonObject
}

function toResponse(answer: ArmResponse, headers: Record<string, string>): Response {
  const hasBody = answer.body !== undefined && answer.status !== 204
  const all = { ...headers, ...answer.headers, ...(hasBody && { 'Content-Type': 'application/json; charset=utf-8' }) }
  return new Response(hasBody ? JSON.stringify(answer.body satisfies Json | undefined) : null, { status: answer.status, headers: all })
}
