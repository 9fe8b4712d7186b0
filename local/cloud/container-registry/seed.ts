import { z } from 'zod'
import type { Azure } from '../azure.ts'
import { digestOf } from './content-digest.ts'
import type { Contents } from './contents.ts'
import { requireName } from './data-request.ts'
import type { Repository } from './repository.ts'
import { type Part, type Parts, seedTree } from './seeded-tree.ts'

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
  /** Each is listed, and its body is not found. */
  ghost: z.boolean().default(false),
  /** What the listing says in place of the body's own type; empty for nothing at all. */
  mediaType: z.string().max(255).optional(),
})
export type Group = z.infer<typeof groupSchema>

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
        made += seedTree({ azure, contents, repository, parts }, group, number)
    })
  contents.change(() => contents.putRepository(repository, { ...repository.row, updatedAt: azure.clock.now() }))
  return made
}
