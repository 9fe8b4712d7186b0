import type { Azure } from '../azure.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { mayDelete } from './attributes.ts'
import { DOCKER_LIST, DOCKER_MANIFEST } from './manifest-body.ts'
import { deleteTree } from './manifest-deletion.ts'
import { openContents } from './open-registries.ts'
import { policyOf, skuOf } from './registry.ts'
import type { Manifest } from './repository.ts'

const DAY = 24 * 3600

/** The registry's own retention policy knows no OCI types [learn: container-registry-retention-policy]. */
const COVERED: readonly string[] = [DOCKER_MANIFEST, DOCKER_LIST]

function isOn(registry: Resource): boolean {
  return skuOf(registry) === 'Premium' && policyOf(registry, 'retentionPolicy').status === 'enabled'
}

/**
 * A manifest lost its last tag: where the policy is on, its end is set now. What was untagged before, and what never had a tag,
 * is never deleted by the policy. Inside the change.
 */
export function scheduleExpiry(azure: Azure, registry: Resource, repository: string, digest: string, manifest: Manifest): void {
  if (manifest.untaggedAt === undefined || !isOn(registry) || !COVERED.includes(manifest.mediaType) || !mayDelete(manifest)) return
  azure.arm({
    key: `container-registry/expiry ${String(registry.hidden.store)} ${repository}@${digest}`,
    inSeconds: Number(policyOf(registry, 'retentionPolicy').days) * DAY,
    provider: 'Microsoft.ContainerRegistry',
    run: 'expire',
    input: { registryId: registry.id, store: registry.hidden.store, repository, digest, untaggedAt: manifest.untaggedAt },
  })
}

/** Alarm: deletes the manifest if it was without a tag and unlocked all the while. */
export function expire(azure: Azure, { registryId, store, repository: name, digest, untaggedAt }: JsonObject): void {
  const registry = azure.resources.get(String(registryId))
  if (!registry || registry.hidden.store !== store || !isOn(registry)) return
  const contents = openContents(azure, registry)
  const repository = contents.repository(String(name))
  const manifest = repository?.manifests.get(String(digest))
  if (!repository || manifest?.untaggedAt !== untaggedAt || ![repository.row, manifest ?? {}].every(mayDelete)) return
  contents.change(() => deleteTree({ azure, registry, contents }, repository, String(digest)))
}
