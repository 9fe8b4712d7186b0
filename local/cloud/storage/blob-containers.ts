import type { Resource } from '../resource.ts'
import type { BlobCall } from './blob-call.ts'
import { BlobError, containerNotFound } from './blob-error.ts'
import { listBlobs, toEtag } from './blob-store.ts'
import { blobsXml, containersXml, type Page } from './blob-xml.ts'
import {
  type ContainerProperties,
  containerId,
  isBeingDeleted,
  NAME_MESSAGES,
  nameProblem,
  putContainer,
  startDeletion,
} from './container.ts'
import { metadataHeaders, metadataOf } from './metadata.ts'
import { CONTAINER } from './resource-types.ts'

/** The service never lists more at once. */
const LARGEST_PAGE = 5000

const PUBLIC_ACCESS = { container: 'Container', blob: 'Blob' } as const

export function containerOf({ azure, account, asked }: BlobCall): Resource {
  const container = azure.resources.get(containerId(account.id, asked.container))
  if (!container) throw containerNotFound()
  return container
}

function stampOf(container: Resource): Record<string, string> {
  return { ETag: toEtag(container.etag), 'Last-Modified': new Date(container.changedAt).toUTCString() }
}

/** `maxresults` and `marker` cut one page out of what is listed in order. */
function cut<T>(query: URLSearchParams, items: readonly T[], nameOf: (item: T) => string): { page: Page; shown: readonly T[] } {
  const sent = query.get('maxresults')
  const maxResults = sent === null ? undefined : Number(sent)
  if (maxResults !== undefined && !(Number.isInteger(maxResults) && maxResults > 0))
    throw new BlobError(
      400,
      'OutOfRangeQueryParameterValue',
      'One of the query parameters specified in the request URI is outside the permissible range.',
    )
  const marker = query.get('marker') ?? ''
  const start = marker === '' ? 0 : items.findIndex((item) => nameOf(item) >= marker)
  const left = start < 0 ? [] : items.slice(start)
  const shown = left.slice(0, Math.min(maxResults ?? LARGEST_PAGE, LARGEST_PAGE))
  const next = left[shown.length]
  return { page: { prefix: query.get('prefix') ?? '', marker, maxResults, nextMarker: next === undefined ? '' : nameOf(next) }, shown }
}

function xml(body: string): Response {
  return new Response(body, { headers: { 'Content-Type': 'application/xml' } })
}

export function listContainers({ azure, account, query }: BlobCall): Response {
  const named = azure.resources.ofType(CONTAINER, account.id).filter(({ name }) => name.startsWith(query.get('prefix') ?? ''))
  const ordered = named.sort((one, other) => (one.name < other.name ? -1 : 1))
  const { page, shown } = cut(query, ordered, ({ name }) => name)
  return xml(containersXml(account.name, page, shown))
}

export function createContainer(call: BlobCall): Response {
  const { azure, account, asked, request } = call
  const problem = nameProblem(asked.container)
  if (problem) throw new BlobError(400, problem, NAME_MESSAGES[problem])
  const access = request.headers.get('x-ms-blob-public-access')
  const container = azure.change(() => {
    if (azure.resources.get(containerId(account.id, asked.container)))
      throw new BlobError(409, 'ContainerAlreadyExists', 'The specified container already exists.')
    if (isBeingDeleted(azure, account.name, asked.container))
      throw new BlobError(409, 'ContainerBeingDeleted', NAME_MESSAGES.ContainerBeingDeleted)
    return putContainer(azure, account.id, asked.container, {
      publicAccess: access === 'container' || access === 'blob' ? PUBLIC_ACCESS[access] : 'None',
      metadata: metadataOf(request.headers),
    })
  })
  return new Response(null, { status: 201, headers: stampOf(container) })
}

export function readContainer(call: BlobCall): Response {
  const container = containerOf(call)
  return new Response(null, {
    headers: {
      ...stampOf(container),
      ...metadataHeaders((container.properties as ContainerProperties).metadata),
      'x-ms-lease-status': 'unlocked',
      'x-ms-lease-state': 'available',
      'x-ms-has-immutability-policy': 'false',
      'x-ms-has-legal-hold': 'false',
    },
  })
}

export function deleteContainer(call: BlobCall): Response {
  const { azure, account } = call
  azure.change(() => {
    const container = containerOf(call)
    azure.resources.delete(container.id)
    startDeletion(azure, account.name, container.name)
  })
  return new Response(null, { status: 202 })
}

export function listBlobsOfContainer(call: BlobCall): Response {
  const { azure, account, query } = call
  const container = containerOf(call)
  const { page, shown } = cut(query, listBlobs(azure, account.name, container.name, query.get('prefix') ?? ''), ({ name }) => name)
  return xml(blobsXml(account.name, container.name, page, shown))
}
