import type { Azure } from '../azure.ts'
import type { Json, JsonObject, Resource } from '../resource.ts'
import type { ArmRequest } from './arm.ts'
import type { Operation } from './operations.ts'
import { quotedEtag } from './precondition.ts'
import type { KnownType } from './registry.ts'
import { defaultView } from './view.ts'

/** Seconds between two polls that Azure asks for, before the speed; never below the header's whole second. */
const POLL_AFTER = 10

/** Items of a list's page. */
const PAGE = 500

export function viewOf(azure: Azure, known: KnownType, resource: Resource, query = new URLSearchParams()): JsonObject {
  const body = known.definition.view?.(azure, resource, query) ?? defaultView(resource)
  return known.definition.etags ? { ...body, etag: quotedEtag(resource.etag) } : body
}

export function etagHeader(known: KnownType, resource: Resource): Record<string, string> {
  return known.definition.etags ? { ETag: quotedEtag(resource.etag) } : {}
}

/** Where to ask how it goes. `result` is also answered where the operation's Location is asked for. */
export function pollingHeaders(azure: Azure, request: ArmRequest, operation: Operation): Record<string, string> {
  const base = `${request.origin}/subscriptions/${operation.subscriptionId}/providers/${operation.namespace}/locations/${operation.location}`
  const suffix = `${operation.id}?api-version=${operation.apiVersion}`
  return {
    Location: `${base}/operationResults/${suffix}`,
    ...(operation.polling === 'azure-async' && { 'Azure-AsyncOperation': `${base}/operations/${suffix}` }),
    'Retry-After': retryAfter(azure),
  }
}

export function retryAfter(azure: Azure): string {
  return String(Math.max(1, Math.round(POLL_AFTER / azure.speed)))
}

/** One page, with the link to the next. */
export function page(request: Pick<ArmRequest, 'query' | 'origin' | 'path'>, items: readonly Json[]): JsonObject {
  const start = Math.max(0, Number.parseInt(request.query.get('$skiptoken') ?? '0', 10) || 0)
  const top = Number.parseInt(request.query.get('$top') ?? '', 10)
  const size = top > 0 ? Math.min(top, PAGE) : PAGE
  const value = items.slice(start, start + size)
  if (start + size >= items.length) return { value }
  const query = new URLSearchParams(request.query)
  query.set('$skiptoken', String(start + size))
  return { value, nextLink: `${request.origin}${encodeURI(request.path)}?${query}` }
}
