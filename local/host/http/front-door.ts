import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Extension, HostKeys, RawResponse } from '../extension.ts'
import type { Log } from '../host-event.ts'
import type { LoadedFunction, Runtime } from '../runtime.ts'
import { type Access, accessOf } from './access.ts'
import { BodyTooLargeError, plainHeaders, readBody, requestData } from './http-request.ts'
import { send, toRawResponse } from './http-response.ts'
import { requestPath } from './request-path.ts'
import { findRoute, type Route } from './route-table.ts'

/** A request as the parts behind the front door see it. */
export interface Visit {
  readonly method: string
  /** Decoded, without a slash at its ends; undefined when no route can fit. */
  readonly path: string | undefined
  /** Absolute, as asked. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly access: Access
  body(): Promise<Buffer>
}

export interface FrontDoor {
  readonly keys: HostKeys | undefined
  readonly runtime: Runtime
  readonly routes: readonly Route[]
  readonly extensions: readonly Extension[]
  readonly log: Log
  /** Answers `/`. */
  home(): RawResponse
  /** Answers what lies below /admin/. */
  admin(visit: Visit, path: string): Promise<RawResponse>
}

const NOT_FOUND: RawResponse = { status: 404 }
const UNAUTHORIZED: RawResponse = { status: 401 }
const FORBIDDEN: RawResponse = { status: 403 }

const HOST_HEADER = /^[\w.-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i
const WEBHOOK = /^runtime\/webhooks\/([^/]+)(?:\/(.*))?$/i
const ADMIN = /^admin(?:\/(.*))?$/i

/** Sends each request where it belongs: home page, admin endpoints, webhooks of extensions, functions. */
export async function answer(door: FrontDoor, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url: target = '/' } = request
  const host = request.headers.host ?? 'localhost'
  if (!target.startsWith('/') || !HOST_HEADER.test(host)) return send(response, { status: 400 })
  const query = target.indexOf('?')
  const visit: Visit = {
    method,
    path: requestPath(query < 0 ? target : target.slice(0, query)),
    url: `http://${host}${target}`,
    headers: plainHeaders(request),
    access: accessOf(door.keys, target, request.headers),
    body: () => readBody(request),
  }
  try {
    send(response, await answerVisit(door, visit))
  } catch (error) {
    if (error instanceof BodyTooLargeError) return send(response, { status: 413, headers: { connection: 'close' } })
    throw error
  }
}

async function answerVisit(door: FrontDoor, visit: Visit): Promise<RawResponse> {
  const { path } = visit
  if (path === undefined) return NOT_FOUND
  if (path === '') return door.home()
  const admin = ADMIN.exec(path)
  if (admin) return door.admin(visit, admin[1] ?? '')
  const webhook = WEBHOOK.exec(path)
  if (webhook) return answerWebhook(door, visit, webhook[1] ?? '', webhook[2] ?? '')
  const found = findRoute(door.routes, visit.method, path)
  return found ? answerFunction(door, visit, found.fn, found.params) : NOT_FOUND
}

async function answerWebhook({ extensions }: FrontDoor, visit: Visit, name: string, path: string): Promise<RawResponse> {
  const extension = extensions.find((candidate) => candidate.name === name.toLowerCase())
  if (!extension?.webhook) return NOT_FOUND
  if (!visit.access.system(`${extension.name}_extension`)) return visit.access.known ? FORBIDDEN : UNAUTHORIZED
  const { method, headers } = visit
  return extension.webhook({ method, url: new URL(visit.url), path, headers, body: await visit.body() })
}

async function answerFunction(
  { keys, log, runtime }: FrontDoor,
  visit: Visit,
  fn: LoadedFunction,
  params: Readonly<Record<string, string>>,
): Promise<RawResponse> {
  const { access, method, url, headers } = visit
  if (fn.disabled && !(keys && access.master)) return NOT_FOUND
  if (!isAllowed(fn, access)) return UNAUTHORIZED
  try {
    const trigger = requestData(method, url, headers, params, await visit.body())
    const { returnValue } = await runtime.invoke(fn, { trigger })
    return toRawResponse(returnValue)
  } catch (error) {
    if (error instanceof BodyTooLargeError) throw error
    log({ level: 'error', category: 'host', function: fn.name, message: `Executed 'Functions.${fn.name}' (Failed)`, error })
    return { status: 500 }
  }
}

function isAllowed(fn: LoadedFunction, access: Access): boolean {
  switch (fn.trigger.authLevel) {
    case 'function':
      return access.function
    case 'admin':
      return access.master
    default:
      return true
  }
}
