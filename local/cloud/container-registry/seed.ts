import { z } from 'zod'
import type { Azure } from '../azure.ts'
import { digestOf } from './content-digest.ts'
import type { Contents } from './contents.ts'
import { requireName } from './data-request.ts'
import { DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST } from './manifest-body.ts'
import type { Manifest, Repository } from './repository.ts'

const DAY = 24 * 3600 * 1000
const MOST_MANIFESTS = 200_000
/** Manifests in one line of the journal. */
const BATCH = 5_000

const groupSchema = z.strictObject({
  count: z.int().min(1).max(MOST_MANIFESTS).default(1),
  format: z.enum(['oci', 'docker']).default('oci'),
  /** Each is an index of this many images; 0 for a plain image. */
  platforms: z.int().min(0).max(20).default(0),
  /** Each gets a tag of its own: this prefix and its number. */
  tag: z
    .string()
    .regex(/^\w[\w.-]{0,100}$/)
    .optional(),
  /** Each has this many signatures attached (manifests with it as their subject). */
  signatures: z.int().min(0).max(20).default(0),
  /** Days since it was pushed. */
  age: z.number().min(0).max(10_000).default(0),
  locked: z.boolean().default(false),
})
type Group = z.infer<typeof groupSchema>

export const seedSchema = z.strictObject({
  repositories: z
    .array(z.strictObject({ name: z.string().max(256), groups: z.array(groupSchema).max(1_000) }))
    .min(1)
    .max(10_000),
})
export type Seed = z.infer<typeof seedSchema>

/**
 * Fills repositories with images as if they had been pushed long ago, thousands in a second. All share one configuration and one layer,
 * so that real clients can pull them. Gives back the number of manifests made in each repository.
 */
export function seedRegistry(
  azure: Azure,
  contents: Contents,
  { repositories }: Seed,
): { repositories: { name: string; manifests: number }[] } {
  const parts = sharedParts(contents, azure.uuid())
  const made = repositories.map(({ name, groups }) => {
    requireName(name)
    contents.change(() => {
      contents.openRepository(name)
      for (const { digest, size } of [parts.config, parts.layer]) contents.linkBlob(name, digest, { size })
    })
    const repository = contents.openRepository(name)
    return { name, manifests: groups.reduce((sum, group) => sum + seedGroup(azure, contents, repository, group, parts), 0) }
  })
  return { repositories: made }
}

interface Part {
  readonly digest: string
  readonly size: number
}

interface Parts {
  readonly config: Part
  readonly layer: Part
}

function sharedParts(contents: Contents, uploadId: string): Parts {
  const put = (text: string): Part => {
    const content = Buffer.from(text)
    const digest = digestOf(content)
    contents.bytes.putBlob(uploadId, digest, content)
    return { digest, size: content.length }
  }
  const diffId = digestOf(Buffer.from('layer'))
  const config = { architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [diffId] } }
  return { config: put(JSON.stringify(config)), layer: put('layer') }
}

function seedGroup(azure: Azure, contents: Contents, repository: Repository, group: Group, parts: Parts): number {
  let made = 0
  for (let start = 0; start < group.count; start += BATCH)
    contents.change(() => {
      for (let number = start; number < Math.min(group.count, start + BATCH); number += 1)
        made += seedTree(azure, contents, repository, group, parts, number)
    })
  contents.change(() => contents.putRepository(repository, { ...repository.row, updatedAt: azure.clock.now() }))
  return made
}

/** One image or index, its children and signatures. */
function seedTree(azure: Azure, contents: Contents, repository: Repository, group: Group, parts: Parts, number: number): number {
  const docker = group.format === 'docker'
  const createdAt = azure.clock.now() - group.age * DAY
  const unique = azure.uuid()
  const put = (body: object, row: Partial<Manifest> & Pick<Manifest, 'mediaType'>): string => {
    const content = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: row.mediaType, ...body }))
    const digest = digestOf(content)
    contents.putManifest(repository, digest, {
      imageSize: content.length,
      ...row,
      size: content.length,
      at: contents.bytes.append(content),
      createdAt,
    })
    return digest
  }
  const image = (label: string, top: Partial<Manifest>, subject?: string) => {
    const configMediaType = docker ? 'application/vnd.docker.container.image.v1+json' : 'application/vnd.oci.image.config.v1+json'
    const layerType = docker ? 'application/vnd.docker.image.rootfs.diff.tar.gzip' : 'application/vnd.oci.image.layer.v1.tar+gzip'
    const body = {
      config: { mediaType: configMediaType, ...parts.config },
      layers: [{ mediaType: layerType, ...parts.layer }],
      ...(subject !== undefined && { subject: { mediaType: OCI_MANIFEST, digest: subject, size: 1 } }),
      annotations: { 'org.opencontainers.image.title': `${unique} ${label}` },
    }
    return put(body, {
      mediaType: docker ? DOCKER_MANIFEST : OCI_MANIFEST,
      imageSize: parts.config.size + parts.layer.size,
      configMediaType,
      architecture: 'amd64',
      os: 'linux',
      ...top,
      ...(subject !== undefined && { subject }),
    })
  }

  const name = group.tag === undefined ? undefined : `${group.tag}${number}`
  const top: Partial<Manifest> = {
    ...(name !== undefined && { tags: [name] }),
    ...(group.locked && { attributes: { deleteEnabled: false } }),
  }
  const children = Array.from({ length: group.platforms }, (_, index) => image(`platform ${index}`, {}))
  const digest =
    group.platforms === 0
      ? image('image', top)
      : put(
          {
            manifests: children.map((child, index) => ({
              mediaType: docker ? DOCKER_MANIFEST : OCI_MANIFEST,
              digest: child,
              size: repository.manifests.get(child)?.size ?? 0,
              platform: { architecture: index === 0 ? 'amd64' : `variant${index}`, os: 'linux' },
            })),
            annotations: { 'org.opencontainers.image.title': unique },
          },
          { mediaType: docker ? DOCKER_LIST : OCI_INDEX, ...top },
        )
  for (let index = 0; index < group.signatures; index += 1) image(`signature ${index}`, {}, digest)
  if (name !== undefined) contents.putTag(repository, name, { digest, createdAt, updatedAt: createdAt })
  return 1 + children.length + group.signatures
}
