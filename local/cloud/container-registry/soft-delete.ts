import { z } from 'zod'
import type { Azure } from '../azure.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { requireDigest } from './content-digest.ts'
import type { Contents } from './contents.ts'
import { bodyOf, type DataCall, shownTime } from './data-call.ts'
import { openContents } from './open-registries.ts'
import { policyOf } from './registry.ts'
import { disallowed, manifestUnknown, RegistryError } from './registry-error.ts'
import type { Manifest } from './repository.ts'
import { moveTag, requireTagName } from './tags.ts'

const DAY = 24 * 3600
const MAX_BODY = 4_096

/** A manifest that was deleted while the soft delete policy was on, as it was then. */
type Deleted = { manifest: Manifest; deletedAt: number }

/** Keeps what is deleted, where the policy is on. Inside the change. */
export function keepDeleted(
  { azure, registry, contents }: { azure: Azure; registry: Resource; contents: Contents },
  repository: string,
  digest: string,
  manifest: Manifest,
): void {
  if (policyOf(registry, 'softDeletePolicy').status !== 'enabled') return
  contents.deleted.put(`${repository}@${digest}`, { manifest, deletedAt: azure.clock.now() } satisfies Deleted)
  armAutopurge(azure, registry)
}

export function isKeptDeleted(contents: Contents, repository: string, digest: string): boolean {
  return contents.deleted.get(`${repository}@${digest}`) !== undefined
}

/** It runs every 24 hours and goes by the days that the policy then has [learn: container-registry-soft-delete-policy]. */
function armAutopurge(azure: Azure, registry: Resource): void {
  azure.arm({
    key: `container-registry/autopurge ${String(registry.hidden.store)}`,
    inSeconds: DAY,
    provider: 'Microsoft.ContainerRegistry',
    run: 'autopurge',
    input: { registryId: registry.id, store: registry.hidden.store },
  })
}

/** Alarm: what was deleted long enough ago goes for good. */
export function autopurge(azure: Azure, { registryId, store }: JsonObject): void {
  const registry = azure.resources.get(String(registryId))
  if (!registry || registry.hidden.store !== store) return
  const { deleted } = openContents(azure, registry)
  const kept = (Number(policyOf(registry, 'softDeletePolicy').retentionDays) * DAY * 1000) / azure.speed
  const all = deleted.list()
  const over = all.filter(({ value }) => (value as Deleted).deletedAt + kept <= azure.clock.now())
  for (const { key } of over) deleted.delete(key)
  if (over.length < all.length) armAutopurge(azure, registry)
}

function deletedOf(contents: Contents, repository: string): { digest: string; entry: Deleted }[] {
  const prefix = `${repository}@`
  return contents.deleted.list(prefix).map(({ key, value }) => ({ digest: key.slice(prefix.length), entry: value as Deleted }))
}

export function listDeletedRepositories({ contents }: DataCall): Response {
  const latest = new Map<string, number>()
  for (const { key, value } of contents.deleted.list()) {
    const name = key.slice(0, key.indexOf('@'))
    if (!contents.repository(name)) latest.set(name, Math.max(latest.get(name) ?? 0, (value as Deleted).deletedAt))
  }
  return Response.json({ repositories: [...latest].map(([repository, at]) => ({ repository, deletedAt: shownTime(at) })) })
}

export function listDeletedManifests({ asked, contents }: DataCall): Response {
  const manifests = deletedOf(contents, asked.repository).map(({ digest, entry: { manifest, deletedAt } }) => ({
    digest,
    imageSize: manifest.imageSize,
    mediaType: manifest.mediaType,
    tags: manifest.tags,
    createdTime: shownTime(manifest.createdAt),
    deletedAt: shownTime(deletedAt),
  }))
  return Response.json({ manifests })
}

export function listDeletedTags({ asked, contents }: DataCall): Response {
  const tags = deletedOf(contents, asked.repository).flatMap(({ digest, entry: { manifest, deletedAt } }) =>
    (manifest.tags ?? []).map((tag) => ({ tag, digest, deletedAt: shownTime(deletedAt) })),
  )
  return Response.json({ tags })
}

/** Brings a manifest back, under `tag` when the body names one; a tag that another has by now moves only with `force`. */
export async function restoreManifest(call: DataCall): Promise<Response> {
  const { asked, azure, contents, query } = call
  const digest = requireDigest(asked.reference)
  const tag = tagOf(await bodyOf(call, MAX_BODY))
  const entry = contents.deleted.get(`${asked.repository}@${digest}`) as Deleted | undefined
  if (!entry) throw manifestUnknown(asked.repository, digest)
  contents.change(() => {
    const repository = contents.openRepository(asked.repository)
    if (tag !== undefined && repository.tags.has(tag) && query.get('force')?.toLowerCase() !== 'true') throw disallowed()
    const { tags: _, ...bare } = entry.manifest
    contents.deleted.delete(`${asked.repository}@${digest}`)
    contents.putManifest(repository, digest, bare)
    if (tag !== undefined) moveTag(call, repository, tag, digest)
    contents.putRepository(repository, { ...repository.row, updatedAt: azure.clock.now() })
  })
  return Response.json({ digest, tag })
}

function tagOf(content: Buffer): string | undefined {
  if (content.length === 0) return undefined
  try {
    const { tag } = z.object({ tag: z.string().optional() }).parse(JSON.parse(content.toString('utf8')))
    if (tag) requireTagName(tag)
    return tag || undefined
  } catch (error) {
    if (error instanceof RegistryError) throw error
    throw new RegistryError(400, 'INVALID_REQUEST', 'The request is invalid.')
  }
}
