import { mayDelete } from './attributes.ts'
import { isDigest } from './content-digest.ts'
import { type DataCall, repositoryOf } from './data-call.ts'
import { disallowed, manifestUnknown, RegistryError } from './registry-error.ts'
import { announceDelete, type EventSource } from './registry-events.ts'
import type { Manifest, Repository } from './repository.ts'
import { keepDeleted } from './soft-delete.ts'

/** Children of an index are not protected, and nothing that refers to the manifest stops its deletion: that is how the registry is. */
export function deleteManifest(call: DataCall): Response {
  const { asked, contents } = call
  const repository = repositoryOf(call)
  if (!isDigest(asked.reference))
    throw new RegistryError(405, 'UNSUPPORTED', 'The operation is unsupported: a manifest is deleted by its digest.')
  const manifest = repository.manifests.get(asked.reference)
  if (!manifest) throw manifestUnknown(repository.name, asked.reference)
  if (![repository.row, manifest].every(mayDelete)) throw disallowed()
  contents.change(() => deleteTree(call, repository, asked.reference))
  return new Response(null, { status: 202 })
}

/** The manifest, its tags (locked ones too), and what is attached to it, unless a lock holds that; the repository with the last. Inside a change. */
export function deleteTree(source: EventSource & Pick<DataCall, 'contents'>, repository: Repository, digest: string): void {
  const { azure, contents } = source
  const waiting = [digest]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const manifest = repository.manifests.get(next)
    if (!manifest || (next !== digest && !mayDelete(manifest))) continue
    waiting.push(...(repository.referrers.get(next) ?? []))
    for (const tag of manifest.tags ?? []) contents.dropTag(repository, tag)
    contents.dropManifest(repository, next)
    noteGone(source, repository.name, next, manifest)
  }
  if (repository.manifests.size === 0) contents.dropRepository(repository)
  else contents.putRepository(repository, { ...repository.row, updatedAt: azure.clock.now() })
}

function noteGone(source: EventSource & Pick<DataCall, 'contents'>, repository: string, digest: string, manifest: Manifest): void {
  keepDeleted(source, repository, digest, manifest)
  announceDelete(source, repository, digest, manifest)
}

/** 202 with what went. A lock on any part keeps the whole. */
export function deleteRepository(call: DataCall): Response {
  const { contents } = call
  const repository = repositoryOf(call)
  const parts = [repository.row, ...repository.manifests.values(), ...repository.tags.values()]
  if (!parts.every(mayDelete)) throw disallowed()
  const body = { manifestsDeleted: [...repository.manifests.keys()].sort(), tagsDeleted: [...repository.tags.keys()].sort() }
  contents.change(() => {
    for (const [digest, manifest] of repository.manifests) noteGone(call, repository.name, digest, manifest)
    contents.dropRepository(repository)
  })
  return Response.json(body, { status: 202 })
}
