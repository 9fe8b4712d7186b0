import type { Attributes, Lockable } from './attributes.ts'

/** One manifest of one repository, as it lies in the journal under `{repository}@{digest}`. Its body lies in the content store. */
export type Manifest = {
  /** Empty when the registry does not tell, as for some old manifests. */
  mediaType: string
  /** Bytes of the body, and where they lie. */
  size: number
  at: number
  /** Bytes of configuration and layers, or of the body alone for what has none. */
  imageSize: number
  /** Milliseconds since 1970; tags and locks do not move it. */
  createdAt: number
  tags?: readonly string[]
  /** When it lost its last tag; missing while it has one and when it never had any. */
  untaggedAt?: number
  configMediaType?: string
  architecture?: string
  os?: string
  artifactType?: string
  /** Listed, but its body is not there: the registry has such manifests now and then. */
  ghost?: true
  /** Digest of what this is attached to. */
  subject?: string
  attributes?: Attributes
}

/** Under `{repository}:{tag}`. */
export type Tag = {
  digest: string
  createdAt: number
  updatedAt: number
  attributes?: Attributes
}

/** Under its own name. */
export type RepositoryRow = {
  createdAt: number
  updatedAt: number
  attributes?: Attributes
}

export type Order = 'digest' | 'timeasc' | 'timedesc'

/** A repository in memory, indexed as requests ask for it. Rows are those of the journal and never changed in place. */
export interface Repository {
  readonly name: string
  row: RepositoryRow
  readonly manifests: Map<string, Manifest>
  readonly tags: Map<string, Tag>
  /** Digests of the manifests whose subject is the key. */
  readonly referrers: Map<string, Set<string>>
  /** Digests in order; may still name what is gone. Dropped when a manifest is added. */
  readonly orders: Map<Order, readonly string[]>
}

export function emptyRepository(name: string, row: RepositoryRow): Repository {
  return { name, row, manifests: new Map(), tags: new Map(), referrers: new Map(), orders: new Map() }
}

export function indexManifest(repository: Repository, digest: string, manifest: Manifest): void {
  if (!repository.manifests.has(digest)) repository.orders.clear()
  repository.manifests.set(digest, manifest)
  if (manifest.subject === undefined) return
  const known = repository.referrers.get(manifest.subject)
  if (known) known.add(digest)
  else repository.referrers.set(manifest.subject, new Set([digest]))
}

export function unindexManifest(repository: Repository, digest: string): void {
  const subject = repository.manifests.get(digest)?.subject
  repository.manifests.delete(digest)
  if (subject === undefined) return
  const known = repository.referrers.get(subject)
  known?.delete(digest)
  if (known?.size === 0) repository.referrers.delete(subject)
}

function inOrder(repository: Repository, order: Order): readonly string[] {
  const known = repository.orders.get(order)
  if (known) return known
  const digests = [...repository.manifests.keys()].sort()
  const time = (digest: string) => repository.manifests.get(digest)?.createdAt ?? 0
  if (order === 'timeasc') digests.sort((a, b) => time(a) - time(b))
  if (order === 'timedesc') digests.sort((a, b) => time(b) - time(a))
  repository.orders.set(order, digests)
  return digests
}

export interface ManifestPage {
  readonly manifests: readonly (readonly [digest: string, manifest: Manifest])[]
  readonly more: boolean
}

/** Up to `n` manifests after the digest `last`. */
export function manifestPage(
  repository: Repository,
  order: Order,
  last: string,
  n: number,
  shown: (item: Lockable) => boolean,
): ManifestPage {
  const digests = inOrder(repository, order)
  const manifests: [string, Manifest][] = []
  for (let index = startAfter(digests, order, last); index < digests.length; index += 1) {
    const digest = digests[index]
    const manifest = digest === undefined ? undefined : repository.manifests.get(digest)
    if (digest === undefined || !manifest || !shown(manifest)) continue
    if (manifests.length === n) return { manifests, more: true }
    manifests.push([digest, manifest])
  }
  return { manifests, more: false }
}

function startAfter(digests: readonly string[], order: Order, last: string): number {
  if (last === '') return 0
  if (order !== 'digest') return digests.indexOf(last) + 1
  let [low, high] = [0, digests.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((digests[middle] ?? '') <= last) low = middle + 1
    else high = middle
  }
  return low
}
