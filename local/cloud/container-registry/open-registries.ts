import { join } from 'node:path'
import type { Azure } from '../azure.ts'
import type { Resource } from '../resource.ts'
import { type Contents, contentsOf } from './contents.ts'
import { type RateLimits, rateLimits } from './rate-limits.ts'

/** What is in memory for the registries of one simulated Azure; all that must last lies in its journal. */
interface Live {
  readonly contents: Map<string, Contents>
  readonly limits: RateLimits
}

const lives = new WeakMap<Azure, Live>()

function liveOf(azure: Azure): Live {
  const live = lives.get(azure) ?? { contents: new Map(), limits: rateLimits(azure.clock, azure.speed) }
  lives.set(azure, live)
  return live
}

export function limitsOf(azure: Azure): RateLimits {
  return liveOf(azure).limits
}

/** The contents of a registry, read from the journal at first use. */
export function openContents(azure: Azure, registry: Resource): Contents {
  const { contents } = liveOf(azure)
  const id = String(registry.hidden.store)
  const known = contents.get(id) ?? contentsOf(azure, id, join(contentDirectory(azure), id))
  contents.set(id, known)
  return known
}

/** The registry is removed: nothing is left of what was in it. */
export function removeContents(azure: Azure, registry: Resource): void {
  openContents(azure, registry).remove()
  liveOf(azure).contents.delete(String(registry.hidden.store))
}

export function closeContents(azure: Azure): void {
  for (const contents of liveOf(azure).contents.values()) contents.close()
  lives.delete(azure)
}

/** Where registries' bytes lie. */
export const contentDirectory = (azure: Azure): string => join(azure.dataDir, 'registries')
