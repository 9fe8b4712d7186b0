import { mayRead, mayWrite } from './attributes.ts'
import { digestOf, isDigest } from './content-digest.ts'
import type { Contents } from './contents.ts'
import { bodyOf, type DataCall, repositoryOf } from './data-call.ts'
import { platformOf } from './image-platform.ts'
import { blobsOf, imageSize, LARGEST_MANIFEST, type ManifestBody, parseManifest } from './manifest-body.ts'
import { disallowed, manifestUnknown, RegistryError } from './registry-error.ts'
import { announcePush } from './registry-events.ts'
import type { Manifest, Repository } from './repository.ts'
import { isKeptDeleted } from './soft-delete.ts'
import { moveTag, requireTagName } from './tags.ts'

/** By digest or tag. 404 `MANIFEST_UNKNOWN` otherwise. */
export function findManifest(repository: Repository, reference: string): { digest: string; manifest: Manifest } {
  const digest = isDigest(reference) ? reference : repository.tags.get(reference)?.digest
  const manifest = digest === undefined ? undefined : repository.manifests.get(digest)
  if (digest === undefined || !manifest) throw manifestUnknown(repository.name, reference)
  return { digest, manifest }
}

export function pullManifest(call: DataCall): Response {
  const repository = repositoryOf(call)
  const { digest, manifest } = findManifest(repository, call.asked.reference)
  if (manifest.ghost) throw manifestUnknown(repository.name, call.asked.reference)
  const tag = repository.tags.get(call.asked.reference)
  if (![repository.row, manifest, tag ?? {}].every(mayRead)) throw disallowed()
  const headers = {
    'Content-Type': manifest.mediaType,
    'Content-Length': String(manifest.size),
    'Docker-Content-Digest': digest,
    ETag: `"${digest}"`,
  }
  const body = call.request.method === 'HEAD' ? null : new Uint8Array(call.contents.bytes.read(manifest.at, manifest.size))
  return new Response(body, { headers })
}

export async function pushManifest(call: DataCall): Promise<Response> {
  const { asked, azure, contents, request } = call
  const content = await bodyOf(call, LARGEST_MANIFEST)
  const digest = digestOf(content)
  const { mediaType, body } = parseManifest(content, request.headers.get('content-type') ?? '')
  if (!isDigest(asked.reference)) requireTagName(asked.reference)
  else if (asked.reference !== digest)
    throw new RegistryError(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content', { digest: asked.reference })
  // A digest that is kept as deleted must be restored instead.
  if (isKeptDeleted(contents, asked.repository, digest)) throw disallowed()
  requireParts(contents, asked.repository, body)
  contents.change(() => {
    const repository = contents.openRepository(asked.repository)
    const known = repository.manifests.get(digest)
    if (![repository.row, known ?? {}].every(mayWrite)) throw disallowed()
    const now = azure.clock.now()
    if (!known)
      contents.putManifest(repository, digest, {
        mediaType,
        size: content.length,
        at: contents.bytes.append(content),
        imageSize: imageSize(body, content.length),
        createdAt: now,
        ...platformOf(contents, body),
        ...(body.artifactType !== undefined && { artifactType: body.artifactType }),
        ...(body.subject && { subject: body.subject.digest }),
      })
    const tag = isDigest(asked.reference) ? undefined : asked.reference
    if (tag !== undefined) moveTag(call, repository, tag, digest)
    contents.putRepository(repository, { ...repository.row, updatedAt: now })
    const manifest = repository.manifests.get(digest)
    if (manifest) announcePush(call, repository.name, digest, manifest, tag)
  })
  return new Response(null, {
    status: 201,
    headers: {
      Location: `/v2/${asked.repository}/manifests/${digest}`,
      'Docker-Content-Digest': digest,
      ...(body.subject && { 'OCI-Subject': body.subject.digest }),
    },
  })
}

/** Parts are pushed before the whole. A subject need not be there (yet). */
function requireParts(contents: Contents, name: string, body: ManifestBody): void {
  const repository = contents.repository(name)
  for (const { digest } of blobsOf(body))
    if (!contents.blob(name, digest)) throw new RegistryError(404, 'MANIFEST_BLOB_UNKNOWN', 'blob unknown to registry', { digest })
  for (const { digest } of body.manifests ?? [])
    if (!repository?.manifests.has(digest)) throw new RegistryError(404, 'MANIFEST_UNKNOWN', 'manifest unknown', { digest })
}
