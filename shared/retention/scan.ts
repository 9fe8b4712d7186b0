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
  known: (digest: string) => Body | undefined,
  clock: Clock,
  /** Where what is read is put as soon as it is, so that it is not lost when the scan breaks off. */
  read = new Map<string, Body>(),
): Promise<ScanResult> {
  const bodies = new Map<string, Body>()
  const reading: Promise<void>[] = []
  const want = ({ digest, mediaType }: Manifest) => {
    if (bodies.has(digest) || !hasLinks(mediaType)) return
    const body = known(digest)
    bodies.set(digest, body ?? 'unreadable')
    if (body === undefined) reading.push(readBody(digest))
  }
  const readBody = async (digest: string) => {
    const body = await dataPlane.body(repository, digest)
    bodies.set(digest, body)
    if (typeof body === 'object') read.set(digest, body)
  }

  const seenAt = clock.now()
  // The bodies of a page are read while the next one is listed.
  const [before, manifests] = await Promise.all([dataPlane.repository(repository), list(dataPlane, repository, want)]).catch(
    async (error: unknown) => {
      await Promise.allSettled(reading)
      throw error
    },
  )
  await allOrThrow(reading)
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

/** Waits for all before it throws the first failure: nothing goes on behind the caller's back. */
async function allOrThrow(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === 'rejected') throw result.reason
}

async function list(
  dataPlane: DataPlane,
  repository: string,
  want: (manifest: Manifest) => void,
): Promise<readonly Manifest[] | undefined> {
  const found = new Map<string, Manifest>()
  let next: string | undefined
  do {
    const page = await dataPlane.manifests(repository, { next })
    if (!page) return undefined
    for (const manifest of page.manifests) {
      found.set(manifest.digest, manifest)
      want(manifest)
    }
    next = page.next
  } while (next !== undefined)
  return [...found.values()]
}
