import type { Clock } from '../../clock.ts'
import type { RawRequest, RawResponse } from '../extension.ts'
import { type ApiCall, type ApiHandler, empty, message } from './api-call.ts'
import { create, pause, purgeMany, purgeOne, raiseEvent, restart, terminate } from './api-commands.ts'
import { list, status } from './api-queries.ts'
import type { ClientLinks } from './client-links.ts'
import type { Engine } from './engine.ts'

/** What a durable client can ask for; the same below the webhook base and on the port of its own. */
export type HttpApi = (request: RawRequest, links: ClientLinks) => Promise<RawResponse>

export interface HttpApiOptions {
  /** Undefined until this host owns the task hub. */
  readonly engine: () => Engine | undefined
  readonly clock: Clock
}

const notSupported: ApiHandler = () => message(501, 'This is not supported by the embedded host.')

/** First fit wins. */
const ROUTES: readonly (readonly [method: string, path: RegExp, handler: ApiHandler])[] = [
  ['POST', /^orchestrators\/([^/]+)(?:\/([^/]+))?$/i, create],
  ['GET', /^instances\/?$/i, list],
  ['DELETE', /^instances\/?$/i, purgeMany],
  ['GET', /^instances\/([^/]+)$/i, status],
  ['DELETE', /^instances\/([^/]+)$/i, purgeOne],
  ['POST', /^instances\/([^/]+)\/raiseEvent\/([^/]+)$/i, raiseEvent],
  ['POST', /^instances\/([^/]+)\/terminate$/i, terminate],
  ['POST', /^instances\/([^/]+)\/(suspend|resume)$/i, pause],
  ['POST', /^instances\/([^/]+)\/restart$/i, restart],
  ['POST', /^instances\/([^/]+)\/rewind$/i, notSupported],
  ['GET', /^entities(?:\/.*)?$/i, notSupported],
  ['POST', /^entities\/.+$/i, notSupported],
  ['DELETE', /^entities\/.+$/i, notSupported],
]

export function httpApi({ engine: current, clock }: HttpApiOptions): HttpApi {
  return async (request, links) => {
    const engine = current()
    if (!engine) return { status: 503, headers: { 'retry-after': '1' } }
    const query = new Map([...request.url.searchParams].map(([name, value]) => [name.toLowerCase(), value]))
    const call: ApiCall = { request, links, engine, clock, parameter: (name) => query.get(name.toLowerCase()) }
    for (const [method, path, handler] of ROUTES) {
      const match = method === request.method ? path.exec(request.path) : null
      if (match) return handler(call, match[1] ?? '', match[2] ?? '')
    }
    return empty(404)
  }
}
