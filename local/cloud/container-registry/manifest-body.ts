import { z } from 'zod'
import { RegistryError } from './registry-error.ts'

export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json'
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
export const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json'
export const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json'

const INDEX_TYPES: readonly string[] = [OCI_INDEX, DOCKER_LIST]

/** What a registry takes; the old schema 1 included, which has no mediaType of its own in the body. */
const MEDIA_TYPES: readonly string[] = [
  OCI_MANIFEST,
  OCI_INDEX,
  DOCKER_MANIFEST,
  DOCKER_LIST,
  'application/vnd.oci.artifact.manifest.v1+json',
  'application/vnd.cncf.oras.artifact.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
]

/** Largest manifest in bytes [learn: container-registry-skus]. */
export const LARGEST_MANIFEST = 4 * 1024 * 1024

const MAX_DESCRIPTORS = 10_000

const descriptor = z.object({
  mediaType: z.string().max(255).default(''),
  digest: z.string().regex(/^sha256:[a-f0-9]{64}$/),
  size: z.int().min(0),
  urls: z.array(z.string()).optional(),
  artifactType: z.string().max(255).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  platform: z.object({ architecture: z.string().max(50).optional(), os: z.string().max(50).optional() }).optional(),
})
export type Descriptor = z.infer<typeof descriptor>

const descriptors = z.array(descriptor).max(MAX_DESCRIPTORS)
const manifestSchema = z.object({
  mediaType: z.string().max(255).optional(),
  artifactType: z.string().max(255).optional(),
  config: descriptor.optional(),
  layers: descriptors.optional(),
  /** Of the artifact manifests. */
  blobs: descriptors.optional(),
  /** Of an index. */
  manifests: descriptors.optional(),
  subject: descriptor.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
})
export type ManifestBody = z.infer<typeof manifestSchema>

/** 400 `MANIFEST_INVALID` for what is no manifest of a known type. */
export function parseManifest(content: Uint8Array, contentType: string): { mediaType: string; body: ManifestBody } {
  const refuse = (reason: string) => new RegistryError(400, 'MANIFEST_INVALID', 'manifest invalid', { reason })
  let json: unknown
  try {
    json = JSON.parse(Buffer.from(content).toString('utf8'))
  } catch {
    throw refuse('The body is not JSON.')
  }
  const parsed = manifestSchema.safeParse(json)
  if (!parsed.success) throw refuse(`${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`)
  const body = parsed.data
  const sent = contentType.split(';')[0]?.trim().toLowerCase() ?? ''
  const mediaType = sent === '' || sent === 'application/json' ? (body.mediaType ?? '') : sent
  if (!MEDIA_TYPES.includes(mediaType)) throw refuse(`The media type '${mediaType.slice(0, 100)}' is not supported.`)
  if (body.mediaType !== undefined && body.mediaType !== mediaType) throw refuse('Content-Type and mediaType of the body differ.')
  if (isIndex(mediaType) !== (body.manifests !== undefined) && (isIndex(mediaType) || body.config !== undefined))
    throw refuse('The body does not fit its media type.')
  return { mediaType, body }
}

export function isIndex(mediaType: string): boolean {
  return INDEX_TYPES.includes(mediaType)
}

/** Configuration, layers and blobs that must have been pushed before; what is kept elsewhere (`urls`) need not. */
export function blobsOf({ config, layers = [], blobs = [] }: ManifestBody): Descriptor[] {
  return [...(config ? [config] : []), ...layers, ...blobs].filter(({ urls }) => !urls?.length)
}

/** Bytes as the registry counts an image; indexes and other manifests without blobs count their own. */
export function imageSize(body: ManifestBody, size: number): number {
  const sizes = [...(body.config ? [body.config] : []), ...(body.layers ?? []), ...(body.blobs ?? [])].map((part) => part.size)
  return sizes.length === 0 ? size : sizes.reduce((sum, part) => sum + part, 0)
}
