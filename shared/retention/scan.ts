import type { Clock } from '../clock.ts'
import type { DataPlane, RepositoryState } from '../registries/data-plane/data-plane.ts'
import { type Body, hasLinks, type Manifest } from './manifest.ts'

/** A whole repository as it was at one time. */
export interface Scan {
  readonly state: RepositoryState
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
  const want = async (manifests: readonly Manifest[]) => {
    await grow(manifests.length)
    const earlier = await known
    for (const { digest, mediaType } of manifests) {
      if (bodies.has(digest) || !hasLinks(mediaType)) continue
      const body = earlier.get(digest)?.body
      bodies.set(digest, body ?? 'unreadable')
      if (body === undefined) reader.read(digest)
    }
  }

  const seenAt = clock.now()
  // The bodies of a page are read while the next one is listed. Nothing goes on behind the caller's back when one of these fails.
  const counting = dataPlane.repository(repository)
  const listing = list(dataPlane, repository, want)
  await Promise.allSettled([counting, listing, known])
  await reader.ended()
  const [before, manifests] = await Promise.all([counting, listing, known])
  reader.throwFailure()
  if (!before || !manifests) return 'gone'
  let state = before
  if (manifests.length < before.manifestCount) {
    // Something may have been deleted between the count and the list.
    const after = await dataPlane.repository(repository)
    if (!after) return 'gone'
    if (manifests.length < after.manifestCount) return 'incomplete'
    state = after
  }
  return { state, manifests, bodies, seenAt }
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

async function list(
  dataPlane: DataPlane,
  repository: string,
  want: (page: readonly Manifest[]) => Promise<void>,
): Promise<readonly Manifest[] | undefined> {
  const found = new Map<string, Manifest>()
  let next: string | undefined
  do {
    const page = await dataPlane.manifests(repository, { next })
    if (!page) return undefined
    for (const manifest of page.manifests) found.set(manifest.digest, manifest)
    await want(page.manifests)
    next = page.next
  } while (next !== undefined)
  return [...found.values()]
}
