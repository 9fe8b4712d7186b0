import { requireDigest } from './content-digest.ts'
import type { DataCall } from './data-call.ts'
import { OCI_INDEX, parseManifest } from './manifest-body.ts'

/** What is attached to a digest, as an index; an unknown digest has nothing attached. */
export function listReferrers({ asked, contents, query }: DataCall): Response {
  const digest = requireDigest(asked.reference)
  const repository = contents.repository(asked.repository)
  const wanted = query.get('artifactType')
  const manifests = [...(repository?.referrers.get(digest) ?? [])].sort().flatMap((referrer) => {
    const manifest = repository?.manifests.get(referrer)
    if (!manifest || manifest.ghost) return []
    const { body } = parseManifest(contents.bytes.read(manifest.at, manifest.size), manifest.mediaType)
    const artifactType = body.artifactType ?? body.config?.mediaType
    if (wanted !== null && artifactType !== wanted) return []
    return [{ mediaType: manifest.mediaType, digest: referrer, size: manifest.size, artifactType, annotations: body.annotations }]
  })
  const headers = { 'Content-Type': OCI_INDEX, ...(wanted !== null && { 'OCI-Filters-Applied': 'artifactType' }) }
  return Response.json({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }, { headers })
}
