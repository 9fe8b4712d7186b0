import type { Clock } from '../clock.ts'
import type { DataPlane } from '../registries/data-plane/data-plane.ts'
import type { Manifest } from './manifest.ts'

/** Whether manifests that are to be deleted are still what they were when that was decided. */
export interface LastLook {
  /** The manifest as it was at most `FRESH` ms ago, or, while the registry throttles, as it is; undefined: it is gone. */
  at(digest: string): Promise<Manifest | undefined>
  /** What was pushed since the decision, once each, known at most `FRESH` ms late. */
  newcomers(): Promise<readonly Manifest[]>
}

/** Milliseconds; with the time for the call itself it stays below a second. */
const FRESH = 850
const PAGE = 1000
/** Newest manifests looked at for newcomers. */
const NEWEST = 100
/** Upcoming deletions that are looked at to choose between a page and single calls, and how many have to lie on the page. */
const AHEAD = 16
const WORTH_A_PAGE = 4

export interface LookParts {
  readonly dataPlane: DataPlane
  readonly repository: string
  /** The whole repository, and when it was seen. */
  readonly manifests: readonly Manifest[]
  readonly seenAt: number
  /** Digests in the order of their deletion. */
  readonly order: readonly string[]
  readonly clock: Clock
}

/** A fresh page of the listing tells of up to a thousand manifests at once; where few of them matter, single calls are cheaper. */
export function createLastLook({ dataPlane, repository, manifests, seenAt, order, clock }: LookParts): LastLook {
  const sorted = manifests.map(({ digest }) => digest).sort()
  const places = new Map(sorted.map((digest, place) => [digest, place]))
  const turns = new Map(order.map((digest, turn) => [digest, turn]))
  const seen = new Map(manifests.map((manifest) => [manifest.digest, { manifest, at: seenAt }]))
  const strangers = new Map<string, Manifest>()
  const pages = new Map<number, Promise<void>>()
  let newest: { readonly at: number; readonly done: Promise<void> } = { at: seenAt, done: Promise.resolve() }

  const isFresh = (at: number) => clock.now() - at <= FRESH

  function enter(manifest: Manifest, at: number): void {
    seen.set(manifest.digest, { manifest, at })
    if (!places.has(manifest.digest)) strangers.set(manifest.digest, manifest)
  }

  /** Where the page begins that shows the manifest at this place. */
  const startOf = (place: number) => (sorted.length <= PAGE ? 0 : place)

  function isWorthPage(digest: string, start: number): boolean {
    const turn = turns.get(digest) ?? 0
    const upcoming = order.slice(turn, turn + AHEAD).map((one) => places.get(one) ?? -1)
    return upcoming.filter((place) => place >= start && place < start + PAGE).length >= WORTH_A_PAGE
  }

  function pageFrom(start: number): Promise<void> {
    const running = pages.get(start)
    if (running) return running
    const at = clock.now()
    const after = sorted[start - 1]
    const page = dataPlane
      .manifests(repository, after === undefined ? {} : { after })
      .then((found) => {
        for (const manifest of found?.manifests ?? []) enter(manifest, at)
      })
      .finally(() => pages.delete(start))
    pages.set(start, page)
    return page
  }

  const runningOver = (place: number) => [...pages].find(([start]) => start <= place && place < start + PAGE)?.[1]

  async function alone(digest: string): Promise<Manifest | undefined> {
    const at = clock.now()
    const manifest = await dataPlane.manifest(repository, digest)
    if (manifest) enter(manifest, at)
    return manifest
  }

  async function lookForNewest(at: number): Promise<void> {
    const page = await dataPlane.manifests(repository, { newestFirst: true, limit: NEWEST })
    const found = page?.manifests ?? []
    for (const manifest of found) enter(manifest, at)
    // More than a page of newcomers: what is further down cannot be known without another scan.
    if (found.length === NEWEST && found.every(({ digest }) => !places.has(digest)))
      throw new StaleDecision('Too much was pushed meanwhile.')
  }

  return {
    async at(digest) {
      const place = places.get(digest)
      if (dataPlane.isThrottling() || place === undefined) return alone(digest)
      const known = seen.get(digest)
      if (known && isFresh(known.at)) return known.manifest
      const start = startOf(place)
      const page = runningOver(place) ?? (isWorthPage(digest, start) ? pageFrom(start) : undefined)
      if (!page) return alone(digest)
      await page
      const now = seen.get(digest)
      // What the page does not show may be gone, or the page may have begun elsewhere.
      return now && isFresh(now.at) ? now.manifest : alone(digest)
    },

    async newcomers() {
      if (!isFresh(newest.at)) {
        const at = clock.now()
        newest = { at, done: lookForNewest(at) }
      }
      await newest.done
      const found = [...strangers.values()]
      strangers.clear()
      return found
    },
  }
}

/** What happened meanwhile makes the decision worthless: only another scan helps. */
export class StaleDecision extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'StaleDecision'
  }
}
