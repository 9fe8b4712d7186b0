/** One manifest as a complete listing of its repository shows it. */
export interface Manifest {
  readonly digest: string
  /** Absent where the registry does not say. */
  readonly mediaType?: string
  /** Bytes, as the registry estimates them: layers that images share count once for each. */
  readonly size: number
  /** Epoch seconds of the push; absent where the registry gives none that can be read. */
  readonly pushedOn?: number
  readonly tags: readonly string[]
  /** `deleteEnabled` or `writeEnabled` is false. */
  readonly locked: boolean
  readonly quarantined: boolean
}

/** What a manifest's body says about others, and what its author says about it. Content under a digest never changes. */
export interface Links {
  /** Digests of `manifests[]`. */
  readonly children: readonly string[]
  readonly subject?: string
  /** No more than `MOST_ANNOTATIONS`; with so many there may be others. */
  readonly annotations?: Readonly<Record<string, string>>
}

/** Annotations of one manifest that are remembered. */
export const MOST_ANNOTATIONS = 64

/** `gone`: the registry lists it and knows it not. `unreadable`: what it refers to cannot be known. */
export type Body = Links | 'gone' | 'unreadable'

const INDEXES: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
])
const REFERRERS: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.artifact.manifest.v1+json',
  'application/vnd.cncf.oras.artifact.manifest.v1+json',
])
/** They have neither children nor a subject. */
const LEAVES: ReadonlySet<string> = new Set([
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
])

export const isKnownType = (mediaType: string | undefined): boolean =>
  mediaType !== undefined && (INDEXES.has(mediaType) || REFERRERS.has(mediaType) || LEAVES.has(mediaType))

/** Whether the body can name other manifests. A type that nobody knows might. */
export const hasLinks = (mediaType: string | undefined): boolean => mediaType === undefined || !LEAVES.has(mediaType)

/** Everything that a manifest can be, for the Accept header. */
export const manifestTypes: readonly string[] = [...INDEXES, ...REFERRERS, ...LEAVES]
