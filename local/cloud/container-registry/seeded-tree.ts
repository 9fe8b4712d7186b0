import type { Azure } from '../azure.ts'
import { digestOf } from './content-digest.ts'
import type { Contents } from './contents.ts'
import { DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST } from './manifest-body.ts'
import type { Manifest, Repository } from './repository.ts'
import type { Group } from './seed.ts'

const DAY = 24 * 3600 * 1000

const TITLE = 'org.opencontainers.image.title'

const FORMATS = {
  oci: {
    image: OCI_MANIFEST,
    index: OCI_INDEX,
    config: 'application/vnd.oci.image.config.v1+json',
    layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  },
  docker: {
    image: DOCKER_MANIFEST,
    index: DOCKER_LIST,
    config: 'application/vnd.docker.container.image.v1+json',
    layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  },
} as const

export interface Part {
  readonly digest: string
  readonly size: number
}

/** What all seeded images have in common. */
export interface Parts {
  readonly config: Part
  readonly layer: Part
}

interface Place {
  readonly azure: Azure
  readonly contents: Contents
  readonly repository: Repository
  readonly parts: Parts
}

/** One image or index, its children and signatures; gives the number of manifests. Inside a change. */
export function seedTree(place: Place, group: Group, number: number): number {
  const { azure, contents, repository } = place
  const createdAt = azure.clock.now() - group.age * DAY
  const unique = azure.uuid()
  const tag = group.tag === undefined ? undefined : `${group.tag}${number}`
  const top: Partial<Manifest> = {
    ...(tag !== undefined && { tags: [tag] }),
    ...(group.locked && { attributes: { deleteEnabled: false } }),
    ...(group.ghost && { ghost: true as const }),
    ...(group.mediaType !== undefined && { mediaType: group.mediaType }),
  }
  const image = (label: string, row: Partial<Manifest>, subject?: string) => {
    const { body, known } = imageOf(place, group, `${unique} ${label}`, subject)
    return put(place, body, { createdAt, ...known, ...row })
  }
  const children = Array.from({ length: group.platforms }, (_, index) => image(`platform ${index}`, {}))
  const digest =
    children.length === 0 ? image('image', top) : put(place, indexOf(repository, group, unique, children), { createdAt, ...top })
  for (let index = 0; index < group.signatures; index += 1) image(`signature ${index}`, {}, digest)
  if (tag !== undefined) contents.putTag(repository, tag, { digest, createdAt, updatedAt: createdAt })
  return 1 + children.length + group.signatures
}

/** What the listing knows of it besides the body, `row` says; it may contradict the body. */
function put(
  { contents, repository }: Place,
  body: { readonly mediaType: string },
  row: Partial<Manifest> & Pick<Manifest, 'createdAt'>,
): string {
  const content = Buffer.from(JSON.stringify(body))
  const digest = digestOf(content)
  const at = contents.bytes.append(content)
  contents.putManifest(repository, digest, { mediaType: body.mediaType, size: content.length, at, imageSize: content.length, ...row })
  return digest
}

function imageOf({ parts }: Place, { format }: Group, title: string, subject: string | undefined) {
  const types = FORMATS[format]
  const body = {
    schemaVersion: 2,
    mediaType: types.image,
    config: { mediaType: types.config, ...parts.config },
    layers: [{ mediaType: types.layer, ...parts.layer }],
    ...(subject !== undefined && { subject: { mediaType: OCI_MANIFEST, digest: subject, size: 1 } }),
    annotations: { [TITLE]: title },
  }
  const known: Partial<Manifest> = {
    imageSize: parts.config.size + parts.layer.size,
    configMediaType: types.config,
    architecture: 'amd64',
    os: 'linux',
    ...(subject !== undefined && { subject }),
  }
  return { body, known }
}

function indexOf(repository: Repository, { format }: Group, title: string, children: readonly string[]) {
  const types = FORMATS[format]
  const manifests = children.map((digest, index) => ({
    mediaType: types.image,
    digest,
    size: repository.manifests.get(digest)?.size ?? 0,
    platform: { architecture: index === 0 ? 'amd64' : `variant${index}`, os: 'linux' },
  }))
  return { schemaVersion: 2, mediaType: types.index, manifests, annotations: { [TITLE]: title } }
}
