import type { Azure, RecordStore } from '../azure.ts'
import type { JsonObject } from '../resource.ts'
import { type ContentStore, contentStore } from './content-store.ts'
import {
  emptyRepository,
  indexManifest,
  type Manifest,
  type Repository,
  type RepositoryRow,
  type Tag,
  unindexManifest,
} from './repository.ts'

/** A blob that a repository may serve, under `{repository}@{digest}`. */
type BlobLink = { size: number }

/**
 * What is in one registry: rows in the journal, an index of them in memory, bytes in the content store.
 * `put…` and `drop…` belong inside `change`.
 */
export interface Contents {
  readonly bytes: ContentStore
  /** What soft delete keeps, under `{repository}@{digest}`; see soft-delete.ts. */
  readonly deleted: RecordStore
  repository(name: string): Repository | undefined
  /** Names in order. */
  repositories(): readonly string[]
  /** One atomic change; the index is read anew from the journal when it fails. */
  change<T>(action: () => T): T
  /** Made when missing. */
  openRepository(name: string): Repository
  putRepository(repository: Repository, row: RepositoryRow): void
  dropRepository(repository: Repository): void
  putManifest(repository: Repository, digest: string, manifest: Manifest): void
  dropManifest(repository: Repository, digest: string): void
  putTag(repository: Repository, name: string, tag: Tag): void
  dropTag(repository: Repository, name: string): void
  blob(repository: string, digest: string): BlobLink | undefined
  linkBlob(repository: string, digest: string, link: BlobLink): void
  /** Bytes of all blobs and manifests, each counted once. */
  storedBytes(): number
  /** Rows and bytes go (inside a change of the caller's). */
  remove(): void
  close(): void
}

/** `id` names the rows and is new for each registry that is made, so that a registry made again under an old name is empty. */
export function contentsOf(azure: Azure, id: string, directory: string): Contents {
  const table = (name: string) => azure.records(`container-registry/${id}/${name}`)
  const rows = {
    repositories: table('repositories'),
    manifests: table('manifests'),
    tags: table('tags'),
    blobs: table('blobs'),
    deleted: table('deleted'),
  }
  const bytes = contentStore(directory)
  let index = load(rows)
  let names: readonly string[] | undefined

  return {
    bytes,
    deleted: rows.deleted,
    repository: (name) => index.get(name),
    repositories() {
      names ??= [...index.keys()].sort()
      return names
    },
    change(action) {
      try {
        return azure.change(action)
      } catch (error) {
        index = load(rows)
        names = undefined
        throw error
      }
    },
    openRepository(name) {
      const known = index.get(name)
      if (known) return known
      const now = azure.clock.now()
      const row: RepositoryRow = { createdAt: now, updatedAt: now }
      rows.repositories.put(name, row)
      const repository = emptyRepository(name, row)
      index.set(name, repository)
      names = undefined
      return repository
    },
    putRepository(repository, row) {
      rows.repositories.put(repository.name, row)
      repository.row = row
    },
    dropRepository(repository) {
      for (const digest of repository.manifests.keys()) rows.manifests.delete(`${repository.name}@${digest}`)
      for (const tag of repository.tags.keys()) rows.tags.delete(`${repository.name}:${tag}`)
      rows.repositories.delete(repository.name)
      index.delete(repository.name)
      names = undefined
    },
    putManifest(repository, digest, manifest) {
      rows.manifests.put(`${repository.name}@${digest}`, manifest)
      indexManifest(repository, digest, manifest)
    },
    dropManifest(repository, digest) {
      rows.manifests.delete(`${repository.name}@${digest}`)
      unindexManifest(repository, digest)
    },
    putTag(repository, name, tag) {
      rows.tags.put(`${repository.name}:${name}`, tag)
      repository.tags.set(name, tag)
    },
    dropTag(repository, name) {
      rows.tags.delete(`${repository.name}:${name}`)
      repository.tags.delete(name)
    },
    blob: (repository, digest) => rows.blobs.get(`${repository}@${digest}`) as BlobLink | undefined,
    linkBlob: (repository, digest, link) => rows.blobs.put(`${repository}@${digest}`, link),
    storedBytes() {
      const sizes = new Map<string, number>()
      for (const { key, value } of rows.blobs.list()) sizes.set(key.slice(key.indexOf('@') + 1), Number(value.size))
      for (const { manifests } of index.values()) for (const [digest, { size }] of manifests) sizes.set(digest, size)
      return sizes.values().reduce((sum, size) => sum + size, 0)
    },
    remove() {
      for (const store of Object.values(rows)) for (const { key } of store.list()) store.delete(key)
      bytes.remove()
    },
    close: bytes.close,
  }
}

function load(rows: Readonly<Record<'repositories' | 'manifests' | 'tags', RecordStore>>): Map<string, Repository> {
  const index = new Map<string, Repository>()
  for (const { key, value } of rows.repositories.list()) index.set(key, emptyRepository(key, row<RepositoryRow>(value)))
  for (const { key, value } of rows.manifests.list()) {
    const at = key.indexOf('@')
    const repository = index.get(key.slice(0, at))
    if (repository) indexManifest(repository, key.slice(at + 1), row<Manifest>(value))
  }
  for (const { key, value } of rows.tags.list()) {
    const at = key.indexOf(':')
    index.get(key.slice(0, at))?.tags.set(key.slice(at + 1), row<Tag>(value))
  }
  return index
}

/** Rows of these tables are written here alone. */
function row<T extends JsonObject>(value: JsonObject): T {
  return value as T
}
