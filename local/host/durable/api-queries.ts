import type { RawResponse } from '../extension.ts'
import { json } from '../http/http-response.ts'
import { type ApiCall, empty, isFalse, isTrue } from './api-call.ts'
import { instanceUrl } from './client-links.ts'
import { type Instance, isEnded } from './instance.ts'
import { matchingIds, parseFilter } from './instance-filter.ts'
import { instanceStatus } from './instance-status.ts'

/** Instances of one page when `top` does not say less; a caller follows `x-ms-continuation-token`. */
const LARGEST_PAGE = 100

export async function status(call: ApiCall, instanceId: string): Promise<RawResponse> {
  const instance = await call.engine.get(instanceId)
  return instance ? showStatus(call, instance) : empty(404)
}

export function showStatus(call: ApiCall, instance: Instance): RawResponse {
  const { links, request, parameter } = call
  const content = instanceStatus(instance, {
    showInput: !isFalse(parameter('showInput')),
    showHistory: isTrue(parameter('showHistory')),
    showHistoryOutput: isTrue(parameter('showHistoryOutput')),
  })
  if (isEnded(instance)) {
    const isServerError = instance.status === 'Failed' && isTrue(parameter('returnInternalServerErrorOnFailure'))
    return json(isServerError ? 500 : 200, content)
  }
  const { headers, ...response } = json(202, content)
  const location = `${instanceUrl(links, instance.instanceId)}${request.url.search}`
  return { ...response, headers: { ...headers, location, 'retry-after': '5' } }
}

export async function list({ engine, parameter, request }: ApiCall): Promise<RawResponse> {
  const ids = matchingIds(await engine.summaries(), parseFilter(parameter))
  const last = Buffer.from(request.headers['x-ms-continuation-token'] ?? '', 'base64').toString()
  const rest = last === '' ? ids : ids.slice(ids.findIndex((id) => id > last) >>> 0)
  const page = rest.slice(0, pageSize(parameter('top')))
  const instances = await Promise.all(page.map((id) => engine.get(id)))
  const options = { showInput: !isFalse(parameter('showInput')), showHistory: false, showHistoryOutput: false }
  const { headers, ...response } = json(
    200,
    instances.flatMap((instance) => (instance ? instanceStatus(instance, options) : [])),
  )
  const token = page.length < rest.length ? { 'x-ms-continuation-token': Buffer.from(page.at(-1) ?? '').toString('base64') } : {}
  return { ...response, headers: { ...headers, ...token } }
}

function pageSize(top: string | undefined): number {
  const wanted = Number(top)
  return Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, LARGEST_PAGE) : LARGEST_PAGE
}
