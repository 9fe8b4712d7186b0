import type { Azure } from '../azure.ts'
import type { JsonObject } from '../resource.ts'
import { mayDelete } from './attributes.ts'
import { deleteTree } from './manifest-deletion.ts'
import { openContents } from './open-registries.ts'
import { isRetentionOn } from './untagged-retention.ts'

/** Alarm: deletes the manifest if it was without a tag and unlocked all the while. */
export function expire(azure: Azure, { registryId, store, repository: name, digest, untaggedAt }: JsonObject): void {
  const registry = azure.resources.get(String(registryId))
  if (!registry || registry.hidden.store !== store || !isRetentionOn(registry)) return
  const contents = openContents(azure, registry)
  const repository = contents.repository(String(name))
  const manifest = repository?.manifests.get(String(digest))
  if (!repository || manifest?.untaggedAt !== untaggedAt || ![repository.row, manifest ?? {}].every(mayDelete)) return
  contents.change(() => deleteTree({ azure, registry, contents }, repository, String(digest)))
}
