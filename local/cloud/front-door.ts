import type { Hono } from 'hono'
import { ConnectionCut } from './arm/engine.ts'
import { type ArmHttp, answerArm } from './arm/http.ts'
import type { Parts } from './create-azure.ts'
import type { DataPlane } from './provider.ts'
import type { RequestCounts } from './request-counts.ts'
import { CUT } from './server.ts'

const ARM_HOSTS: readonly string[] = ['management.azure.com', 'management.core.windows.net']
const LOGIN_HOSTS: readonly string[] = ['login.microsoftonline.com', 'login.windows.net', 'sts.windows.net']
const METADATA_HOST = '169.254.169.254'
const LOCAL_HOSTS: readonly string[] = ['127.0.0.1', 'localhost', '[::1]']

/** Names in the server's certificate. A registry's and an account's own name is one label. */
export function certificateNames(dataPlanes: readonly DataPlane[]): string[] {
  return ['127.0.0.1', 'localhost', ...ARM_HOSTS, ...LOGIN_HOSTS, ...dataPlanes.map(({ hostSuffix }) => `*${hostSuffix}`)]
}

/** Whether a host name, without port, is one of Azure's that is simulated: what a proxy may lead here. */
export function isSimulated(host: string, dataPlanes: readonly DataPlane[]): boolean {
  return ARM_HOSTS.includes(host) || LOGIN_HOSTS.includes(host) || dataPlanes.some(({ hostSuffix }) => host.endsWith(hostSuffix))
}

export interface Rooms {
  readonly parts: Parts
  readonly counts: RequestCounts
  readonly arm: Omit<ArmHttp, 'onOperation' | 'origin'>
  readonly tokens: Hono
  readonly metadata: Hono
  /** `/`, `/_slipway/…`: for whoever uses the simulator on purpose. */
  readonly admin: Hono
}

/** Sends each request to the service that its host name, or on the loopback its path, belongs to. */
export function frontDoor(rooms: Rooms): (request: Request) => Promise<Response | typeof CUT> {
  const { parts, counts } = rooms
  const dataPlanes = parts.arm.registry.providers.flatMap(({ dataPlanes = [] }) => dataPlanes)

  async function arm(request: Request): Promise<Response | typeof CUT> {
    let operation = 'unknown'
    const onOperation = (name: string) => {
      operation = name
    }
    try {
      const answer = await answerArm({ ...rooms.arm, origin: originOf, onOperation }, request)
      counts.add(operation, answer.status)
      return answer
    } catch (error) {
      if (!(error instanceof ConnectionCut)) throw error
      counts.add(operation, 'cut')
      return CUT
    }
  }

  /** What is no ARM: faults about the request as a whole, and counting, are the same for all. */
  async function other(operation: string, request: Request, answer: () => Promise<Response>): Promise<Response | typeof CUT> {
    const at = { operation, path: new URL(request.url).pathname, method: request.method }
    const cut = (): typeof CUT => {
      counts.add(operation, 'cut')
      return CUT
    }
    const refuse = (status: number, retryAfter: string) => {
      counts.add(operation, status)
      return new Response(null, { status, headers: { 'Retry-After': retryAfter } })
    }
    if (parts.azure.strikes('reset', at)) return cut()
    const throttle = parts.azure.strikes('throttle', at)
    if (throttle) return refuse(429, String(throttle.retryAfter ?? 1))
    const error = parts.azure.strikes('error', at)
    if (error) return refuse(Number(error.status ?? 503), '1')
    const response = await answer()
    if (parts.azure.strikes('lost-response', at)) return cut()
    counts.add(operation, response.status)
    return response
  }

  return async (request) => {
    const { hostname, pathname } = new URL(request.url)
    if (ARM_HOSTS.includes(hostname)) return arm(request)
    if (LOGIN_HOSTS.includes(hostname)) return other('token', request, async () => rooms.tokens.fetch(request))
    if (hostname === METADATA_HOST) return other('identity-token', request, async () => rooms.metadata.fetch(request))
    const plane = dataPlanes.find(({ hostSuffix }) => hostname.endsWith(hostSuffix))
    if (plane) {
      const name = hostname.slice(0, -plane.hostSuffix.length)
      return other(plane.operation?.(request) ?? 'data', request, () => plane.handle(parts.azure, name, request))
    }
    // A name that a page had resolved to the loopback must not get at the local world.
    if (!LOCAL_HOSTS.includes(hostname)) return new Response('This host is not simulated.\n', { status: 421 })
    if (/^\/+(subscriptions|providers|tenants)(\/|$)/i.test(pathname)) return arm(request)
    if (pathname.startsWith('/metadata/identity/')) return other('identity-token', request, async () => rooms.metadata.fetch(request))
    if (pathname === '/' || pathname.startsWith('/_slipway/') || pathname === '/metadata/endpoints') return rooms.admin.fetch(request)
    return other('token', request, async () => rooms.tokens.fetch(request))
  }
}

/** Scheme and host for links: Azure's own names are https to their callers, however they got here. */
export function originOf(request: Request): string {
  const url = new URL(request.url)
  return LOCAL_HOSTS.includes(url.hostname) ? url.origin : `https://${url.host}`
}
