import type { Clock } from '../clock.ts'
import type { DataPlane, ManifestPage, RepositoryState } from '../registries/data-plane/data-plane.ts'
import { type Body, hasLinks, type Manifest } from './manifest.ts'

/** A whole repository as it was at one time. */
export interface Scan {
  /** Before the listing: what changed meanwhile changes it. */
  readonly state: RepositoryState
  /** In the order of the listing; what was pushed behind its cursor comes last. */
  readonly manifests: readonly Manifest[]
  readonly bodies: ReadonlyMap<string, Body>
  /** Epoch ms before the first page was asked for: nothing in it is older. */
  readonly seenAt: number
}

/** `incomplete`: the registry counts more manifests than it lists, so that what keeps others may be hidden. `gone`: no such repository. */
export type ScanResult = Scan | 'incomplete' | 'gone'

/**
 * Lists a repository completely and reads what its manifests refer to, as far as `known` does not tell: content under a digest never changes.
 * Throws where a page or a body cannot be had: then nothing may be deleted.
 */
export async function scanRepository(
  dataPlane: DataPlane,
  repository: string,
  /** Bodies from earlier times, by digest. */
  known: Promise<ReadonlyMap<string, { readonly body?: Body }>>,
  clock: Clock,
  {
    read = new Map<string, Body>(),
    grow = async () => {},
  }: {
    /** Where what is read is put as soon as it is, so that it is not lost when the scan breaks off. */
    readonly read?: Map<string, Body>
    /** Waits until so many more manifests may be in memory. */
    readonly grow?: (manifests: number) => Promise<void>
  } = {},
): Promise<ScanResult> {
  const bodies = new Map<string, Body>()
  const reader = createReader(async (digest) => {
    const body = await dataPlane.body(repository, digest)
    bodies.set(digest, body)
    if (typeof body === 'object') read.set(digest, body)
  })
  let held = 0
  const want = async (manifests: readonly Manifest[], listed: number) => {
    // Another listing shows most of what is in memory already.
    if (listed > held) await grow(listed - held)
    held = Math.max(held, listed)
    const earlier = await known
    for (const { digest, mediaType } of manifests) {
      if (bodies.has(digest) || !hasLinks(mediaType)) continue
      const body = earlier.get(digest)?.body
      bodies.set(digest, body ?? 'unreadable')
      if (body === undefined) reader.read(digest)
    }
  }

  // The bodies of a page are read while the next one is listed. Nothing goes on behind the caller's back when one of these fails.
  const listing = listCompletely(dataPlane, repository, want, clock)
  await Promise.allSettled([listing, known])
  await reader.ended()
  const [listed] = await Promise.all([listing, known])
  reader.throwFailure()
  return typeof listed === 'string' ? listed : { ...listed, bodies }
}

type Want = (page: readonly Manifest[], listed: number) => Promise<void>

/** Listings that are begun while others push and delete. */
const MOST_LISTINGS = 3

/**
 * A listing is believed where it is no shorter than the counts before and after it: one of them alone would be reached by a push that the cursor
 * had still to come to, or by a deletion behind it, while the registry hides what keeps others. Longer it may be: deleted manifests stay on it.
 * What was pushed behind the cursor is the newest there is, and is added, so that repositories that never rest come to an end as well.
 */
async function listCompletely(
  dataPlane: DataPlane,
  repository: string,
  want: Want,
  clock: Clock,
): Promise<Omit<Scan, 'bodies'> | 'incomplete' | 'gone'> {
  for (let listings = 0; listings < MOST_LISTINGS; listings++) {
    const seenAt = clock.now()
    const counting = dataPlane.repository(repository)
    const listing = list(dataPlane, repository, want)
    await Promise.allSettled([counting, listing])
    const [state, found] = await Promise.all([counting, listing])
    let after = state && found && (await dataPlane.repository(repository))
    if (after && found && found.size < after.manifestCount) {
      await enter(found, await dataPlane.manifests(repository, { newestFirst: true }), want)
      after = await dataPlane.repository(repository)
    }
    if (!state || !found || !after) return 'gone'
    if (found.size >= Math.max(state.manifestCount, after.manifestCount)) return { state, manifests: [...found.values()], seenAt }
    // Nothing else happened that would explain it.
    if (state.manifestCount === after.manifestCount) return 'incomplete'
  }
  return 'incomplete'
}

/** Readings under way in one repository; how many calls there are at once is the data plane's to say. */
const AT_ONCE = 256

/** Reads one after the other what is handed in, many side by side, until one fails. */
function createReader(readOne: (digest: string) => Promise<void>) {
  const queue: string[] = []
  const workers: Promise<void>[] = []
  let next = 0
  let idle = AT_ONCE
  let failure: { readonly error: unknown } | undefined

  async function work(): Promise<void> {
    idle -= 1
    try {
      for (let digest = queue[next]; digest !== undefined && !failure; digest = queue[next]) {
        next += 1
        await readOne(digest)
      }
    } catch (error) {
      failure ??= { error }
    }
    idle += 1
  }

  return {
    read(digest: string): void {
      queue.push(digest)
      if (idle > 0) workers.push(work())
    },
    ended: async () => void (await Promise.all(workers)),
    throwFailure(): void {
      if (failure) throw failure.error
    },
  }
}

async function list(dataPlane: DataPlane, repository: string, want: Want): Promise<Map<string, Manifest> | undefined> {
  const found = new Map<string, Manifest>()
  let next: string | undefined
  do {
    const page = await dataPlane.manifests(repository, { next })
    if (!page) return undefined
    await enter(found, page, want)
    next = page.next
  } while (next !== undefined)
  return found
}

async function enter(found: Map<string, Manifest>, page: ManifestPage | undefined, want: Want): Promise<void> {
  const manifests = page?.manifests ?? []
  for (const manifest of manifests) found.set(manifest.digest, manifest)
  await want(manifests, found.size)
}
