import { mayList, shownAttributes } from './attributes.ts'
import { requireDigest } from './content-digest.ts'
import { type DataCall, nextLink, pageSize, repositoryOf, shownTime } from './data-call.ts'
import { isIndex, parseManifest } from './manifest-body.ts'
import { findManifest } from './manifests.ts'
import { loginServer } from './registry.ts'
import { RegistryError } from './registry-error.ts'
import { type Manifest, manifestPage, type Order } from './repository.ts'

/** Entries of a page that asks for none, and the most that is ever given. */
const STANDARD_PAGE = 100
const MOST_MANIFESTS = 1_000

const ORDERS: readonly Order[] = ['digest', 'timeasc', 'timedesc']

function shownManifest(digest: string, manifest: Manifest) {
  const { architecture, os, mediaType, configMediaType, tags } = manifest
  const time = shownTime(manifest.createdAt)
  return {
    digest,
    imageSize: manifest.imageSize,
    createdTime: time,
    lastUpdateTime: time,
    architecture,
    os,
    mediaType: mediaType || undefined,
    configMediaType,
    tags,
    changeableAttributes: shownAttributes(manifest),
  }
}

export function listManifests(call: DataCall): Response {
  const { query, registry } = call
  const repository = repositoryOf(call)
  const orderby = query.get('orderby') ?? ''
  const order = ORDERS.find((known) => known === orderby) ?? 'digest'
  if (orderby !== '' && order === 'digest' && orderby !== 'none')
    throw new RegistryError(400, 'UNSUPPORTED', 'The operation is unsupported.', { orderby: orderby.slice(0, 50) })
  const n = pageSize(query, STANDARD_PAGE, MOST_MANIFESTS)
  const page = manifestPage(repository, order, query.get('last') ?? '', n, mayList)
  const last = page.manifests.at(-1)?.[0]
  const manifests = page.manifests.map(([digest, manifest]) => shownManifest(digest, manifest))
  const body = { registry: loginServer(registry), imageName: repository.name, manifests: manifests.length > 0 ? manifests : null }
  const path = `/acr/v1/${encodeURIComponent(repository.name)}/_manifests`
  return Response.json(body, page.more && last !== undefined ? { headers: nextLink(path, { last, n, orderby }) } : {})
}

/** With what a list or index refers to, which the listing does not tell. */
export function readManifest(call: DataCall): Response {
  const { contents, registry } = call
  const repository = repositoryOf(call)
  const { digest, manifest } = findManifest(repository, requireDigest(call.asked.reference))
  const shown = {
    ...shownManifest(digest, manifest),
    ...(isIndex(manifest.mediaType) && !manifest.ghost && { references: references(call, manifest) }),
  }
  return Response.json({ registry: loginServer(registry), imageName: repository.name, manifest: shown })

  function references(_: DataCall, { at, size, mediaType }: Manifest) {
    const { body } = parseManifest(contents.bytes.read(at, size), mediaType)
    return (body.manifests ?? []).map((child) => ({ digest: child.digest, ...child.platform }))
  }
}
