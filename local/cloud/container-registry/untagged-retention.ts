import type { Azure } from '../azure.ts'
import type { Resource } from '../resource.ts'
import { mayDelete } from './attributes.ts'
import { DOCKER_LIST, DOCKER_MANIFEST } from './manifest-body.ts'
import { policyOf, skuOf } from './registry.ts'
import type { Manifest } from './repository.ts'

const DAY = 24 * 3600

/** The registry's own retention policy knows no OCI types [learn: container-registry-retention-policy]. */
const COVERED: readonly string[] = [DOCKER_MANIFEST, DOCKER_LIST]

export function isRetentionOn(registry: Resource): boolean {
  return skuOf(registry) === 'Premium' && policyOf(registry, 'retentionPolicy').status === 'enabled'
}

/**
 * A manifest lost its last tag: where the policy is on, its end is set now. What was untagged before, and what never had a tag,
 * is never deleted by the policy. Inside the change.
 */
export function scheduleExpiry(azure: Azure, registry: Resource, repository: string, digest: string, manifest: Manifest): void {
  if (manifest.untaggedAt === undefined || !isRetentionOn(registry) || !COVERED.includes(manifest.mediaType) || !mayDelete(manifest)) return
  azure.arm({
    key: `container-registry/expiry ${String(registry.hidden.store)} ${repository}@${digest}`,
    inSeconds: Number(policyOf(registry, 'retentionPolicy').days) * DAY,
    provider: 'Microsoft.ContainerRegistry',
    run: 'expire',
    input: { registryId: registry.id, store: registry.hidden.store, repository, digest, untaggedAt: manifest.untaggedAt },
  })
}
