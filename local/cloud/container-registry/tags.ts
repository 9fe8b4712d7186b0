import { mayDelete, mayList, mayWrite, shownAttributes } from './attributes.ts'
import { type DataCall, nextLink, pageSize, repositoryOf, shownTime } from './data-call.ts'
import { loginServer } from './registry.ts'
import { disallowed, RegistryError, tagUnknown } from './registry-error.ts'
import type { Manifest, Repository, Tag } from './repository.ts'
import { scheduleExpiry } from './untagged-retention.ts'

const TAG = /^\w[\w.-]{0,127}$/
const MOST_TAGS = 1_000
const STANDARD_PAGE = 100

export function requireTagName(tag: string): void {
  if (!TAG.test(tag)) throw new RegistryError(400, 'TAG_INVALID', 'manifest tag did not match URI', { tag: tag.slice(0, 128) })
}

/** Puts the tag on `digest`; the manifest that had it loses it. Inside a change. */
export function moveTag(call: DataCall, repository: Repository, name: string, digest: string): void {
  const { azure, contents } = call
  const known = repository.tags.get(name)
  if (known && !mayWrite(known)) throw disallowed()
  const now = azure.clock.now()
  if (known?.digest !== digest) {
    if (known) untag(call, repository, name, known.digest)
    const manifest = repository.manifests.get(digest)
    if (manifest) {
      const { untaggedAt: _, ...rest } = manifest
      contents.putManifest(repository, digest, { ...rest, tags: [...(manifest.tags ?? []), name] })
    }
  }
  contents.putTag(repository, name, { ...known, digest, createdAt: known?.createdAt ?? now, updatedAt: now })
}

function untag({ azure, contents, registry }: DataCall, repository: Repository, name: string, digest: string): void {
  const manifest = repository.manifests.get(digest)
  if (!manifest) return
  const left = (manifest.tags ?? []).filter((tag) => tag !== name)
  const { tags: _, ...bare } = manifest
  const next: Manifest = left.length > 0 ? { ...bare, tags: left } : { ...bare, untaggedAt: azure.clock.now() }
  contents.putManifest(repository, digest, next)
  scheduleExpiry(azure, registry, repository.name, digest, next)
}

export function deleteTag(call: DataCall): Response {
  const { asked, azure, contents } = call
  const repository = repositoryOf(call)
  const tag = repository.tags.get(asked.reference)
  if (!tag) throw tagUnknown(repository.name, asked.reference)
  if (![repository.row, tag].every(mayDelete)) throw disallowed()
  contents.change(() => {
    contents.dropTag(repository, asked.reference)
    untag(call, repository, asked.reference, tag.digest)
    contents.putRepository(repository, { ...repository.row, updatedAt: azure.clock.now() })
  })
  return new Response(null, { status: 202 })
}

function shownTag(name: string, tag: Tag) {
  return {
    name,
    digest: tag.digest,
    createdTime: shownTime(tag.createdAt),
    lastUpdateTime: shownTime(tag.updatedAt),
    signed: false,
    changeableAttributes: shownAttributes(tag),
  }
}

export function readTag(call: DataCall): Response {
  const repository = repositoryOf(call)
  const tag = repository.tags.get(call.asked.reference)
  if (!tag) throw tagUnknown(repository.name, call.asked.reference)
  return Response.json({ registry: loginServer(call.registry), imageName: repository.name, tag: shownTag(call.asked.reference, tag) })
}

/** By name, or by time with `orderby`; of one manifest with `digest`. */
export function listTags(call: DataCall): Response {
  const { query, registry } = call
  const repository = repositoryOf(call)
  const n = pageSize(query, STANDARD_PAGE, MOST_TAGS)
  const orderby = query.get('orderby') ?? ''
  const digest = query.get('digest') ?? ''
  const tags = [...repository.tags].filter(([, tag]) => mayList(tag) && (digest === '' || tag.digest === digest)).sort(byName)
  if (orderby === 'timeasc') tags.sort(([, a], [, b]) => a.updatedAt - b.updatedAt)
  if (orderby === 'timedesc') tags.sort(([, a], [, b]) => b.updatedAt - a.updatedAt)
  const last = query.get('last') ?? ''
  const start = last === '' ? 0 : tags.findIndex(([name]) => name === last) + 1
  const page = tags.slice(start, start + n)
  const end = page.at(-1)?.[0]
  const more = end !== undefined && start + n < tags.length
  const body = { registry: loginServer(registry), imageName: repository.name, tags: page.map(([name, tag]) => shownTag(name, tag)) }
  const path = `/acr/v1/${encodeURIComponent(repository.name)}/_tags`
  return Response.json(body, more ? { headers: nextLink(path, { last: end, n, orderby }) } : {})
}

/** The distribution specification's own list. */
export function listTagNames(call: DataCall): Response {
  const repository = repositoryOf(call)
  const n = pageSize(call.query, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  const last = call.query.get('last') ?? ''
  const names = [...repository.tags].sort(byName).map(([name]) => name)
  const left = names.filter((name) => name > last)
  const page = left.slice(0, n)
  const end = page.at(-1)
  const more = end !== undefined && left.length > n
  return Response.json(
    { name: repository.name, tags: page },
    more ? { headers: nextLink(`/v2/${repository.name}/tags/list`, { last: end, n }) } : {},
  )
}

function byName([a]: readonly [string, Tag], [b]: readonly [string, Tag]): number {
  return a < b ? -1 : a > b ? 1 : 0
}
