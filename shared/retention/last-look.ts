import type { Clock } from '../clock.ts'
import type { DataPlane } from '../registries/data-plane/data-plane.ts'
import type { Manifest } from './manifest.ts'

/** Whether manifests that are to be deleted are still what they were when that was decided. */
export interface LastLook {
  /** Looks at what goes first, so that the deletions need not wait for it. */
  begin(): Promise<void>
  /** The manifest as it was at most `FRESH` ms ago, or, while the registry throttles, as it is; undefined: it is gone. */
  at(digest: string): Promise<Manifest | undefined>
  /** What was pushed since the decision, once each, known at most `FRESH` ms late. */
  newcomers(): Promise<readonly Manifest[]>
  /** It was deleted: whoever shows it from now on tells of another push. */
  gone(digest: string): void
  /** Whether these manifests and what was pushed were all seen within so many ms, whatever had to wait meanwhile. */
  holds(digests: readonly string[], within: number): boolean
}

/** Milliseconds; with the time for the call itself it stays below a second. */
export const FRESH = 850
/** Milliseconds that a view is worth at most, where the registry is slow. */
export const STALE = 8 * FRESH
/** Milliseconds after which a view is renewed although it still holds, and how many deletions ahead: none waits for a view then. */
const AGING = 600
const LEAD = 128
const PAGE = 1000
const MOST_VIEWS = 4 * PAGE
/** Newest manifests looked at for newcomers: more where the first do not reach back to what was known. */
const NEWEST = [100, PAGE]
/** Upcoming deletions that are looked at to choose between a page and single calls, and how many have to lie on the page. */
const AHEAD = 16
const WORTH_A_PAGE = 4

export interface LookParts {
  readonly dataPlane: DataPlane
  readonly repository: string
  /** The whole repository as it was listed, and when that began. */
  readonly manifests: readonly Manifest[]
  readonly seenAt: number
  /** Digests in the order of their deletion. */
  readonly order: readonly string[]
  readonly clock: Clock
}

/** A fresh page of the listing tells of up to a thousand manifests at once; where few of them matter, single calls are cheaper. */
export function createLastLook({ dataPlane, repository, manifests, seenAt, order, clock }: LookParts): LastLook {
  const sorted = [...manifests].sort((a, b) => (a.digest < b.digest ? -1 : 1))
  const places = new Map(sorted.map(({ digest }, place) => [digest, place]))
  const turns = new Map(order.map((digest, turn) => [digest, turn]))
  /** The first page was there before anything that the listing missed; of the others nobody knows. */
  const first = new Set(manifests.slice(0, PAGE).map(({ digest }) => digest))
  /** What was looked at since the scan, not much longer than it holds. */
  const seen = new Map<string, View>()
  /** Newcomers that were told of, and those that were not yet. */
  const known = new Set<string>()
  const strangers = new Map<string, Manifest>()
  /** When what was deleted was known to be gone, until it is told of again. */
  const goneAt = new Map<string, number>()
  const pages = new Map<number, Promise<void>>()
  /** When newcomers were last looked for, and the look that is under way. */
  let newestAt = seenAt
  let renewal: Promise<void> | undefined

  const ageOf = (at: number) => clock.now() - at

  function viewOf(digest: string, place: number): View | undefined {
    const manifest = sorted[place]
    return seen.get(digest) ?? (manifest && { manifest, at: seenAt })
  }

  function enter(manifest: Manifest, at: number): void {
    const { digest } = manifest
    if ((seen.get(digest)?.at ?? 0) <= at) seen.set(digest, { manifest, at })
    const gone = goneAt.get(digest)
    // A view that was asked for before may still show what was deleted.
    if (gone === undefined ? !places.has(digest) && !known.has(digest) : gone < at) strangers.set(digest, manifest)
  }

  function dropStale(): void {
    if (seen.size > MOST_VIEWS) for (const [digest, { at }] of seen) if (ageOf(at) > STALE) seen.delete(digest)
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
    dropStale()
    const at = clock.now()
    const after = sorted[start - 1]?.digest
    const page = dataPlane
      .manifests(repository, after === undefined ? {} : { after })
      .then((found) => {
        for (const manifest of found?.manifests ?? []) enter(manifest, at)
        // The whole repository: newcomers are on it as well.
        if (start === 0 && found?.next === undefined) newestAt = at
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
    else seen.set(digest, { manifest, at })
    return manifest
  }

  /**
   * Whether all that is not known yet was pushed after it. That cannot be told by time, for the registry's clock is not ours; and a listing that
   * took its time may show what was pushed meanwhile and have missed what is older: only after another look all of it is old.
   */
  function isOld({ digest, pushedOn }: Manifest): boolean {
    const scanned = sorted[places.get(digest) ?? -1]
    return scanned?.pushedOn === pushedOn && places.has(digest) && (newestAt > seenAt || first.has(digest))
  }

  async function lookForNewest(): Promise<void> {
    const [before, at] = [newestAt, clock.now()]
    if (sorted.length < PAGE) await pageFrom(0)
    if (newestAt > before) return
    for (const limit of NEWEST) {
      const page = await dataPlane.manifests(repository, { newestFirst: true, limit })
      const found = page?.manifests ?? []
      for (const manifest of found) enter(manifest, at)
      if (page?.next === undefined || found.some(isOld)) {
        newestAt = at
        return
      }
    }
    // What is further down cannot be known without another scan.
    throw new StaleDecision('Too much was pushed meanwhile.')
  }

  function renewNewest(): Promise<void> {
    renewal ??= lookForNewest().finally(() => {
      renewal = undefined
    })
    return renewal
  }

  /** Renews in the background what is about to be needed. */
  function lookAhead(digest: string): void {
    const later = order[(turns.get(digest) ?? 0) + LEAD]
    for (const one of later === undefined ? [digest] : [digest, later]) {
      const place = places.get(one) ?? -1
      const view = viewOf(one, place)
      if (!view || ageOf(view.at) <= AGING || runningOver(place)) continue
      const start = startOf(place)
      if (isWorthPage(one, start)) pageFrom(start).catch(ignore)
    }
  }

  return {
    async begin() {
      const [next] = order
      if (next === undefined || dataPlane.isThrottling()) return
      lookAhead(next)
      if (ageOf(newestAt) > AGING) renewNewest().catch(ignore)
      await Promise.all([...pages.values(), renewal]).catch(ignore)
    },

    async at(digest) {
      const place = places.get(digest)
      if (dataPlane.isThrottling() || place === undefined) return alone(digest)
      lookAhead(digest)
      const view = viewOf(digest, place)
      if (view && ageOf(view.at) <= FRESH) return view.manifest
      const start = startOf(place)
      const page = runningOver(place) ?? (isWorthPage(digest, start) ? pageFrom(start) : undefined)
      if (!page) return alone(digest)
      await page
      const now = seen.get(digest)
      // What the page does not show may be gone, or the page may have begun elsewhere.
      return now && ageOf(now.at) <= FRESH ? now.manifest : alone(digest)
    },

    async newcomers() {
      const age = ageOf(newestAt)
      if (age > FRESH) await renewNewest()
      else if (age > AGING && !dataPlane.isThrottling()) renewNewest().catch(ignore)
      if (strangers.size === 0) return NOBODY
      const found = [...strangers.values()]
      for (const { digest } of found) {
        known.add(digest)
        goneAt.delete(digest)
      }
      strangers.clear()
      return found
    },

    gone: (digest) => void goneAt.set(digest, clock.now()),

    holds(digests, within) {
      const isFresh = (digest: string) => ageOf(viewOf(digest, places.get(digest) ?? -1)?.at ?? 0) <= within
      return strangers.size === 0 && ageOf(newestAt) <= within && digests.every(isFresh)
    },
  }
}

interface View {
  /** Undefined: it was gone. */
  readonly manifest: Manifest | undefined
  /** Epoch ms. */
  readonly at: number
}

const NOBODY: readonly Manifest[] = []

/** Whoever needs the view asks again and is told. */
const ignore = () => undefined

/** What happened meanwhile makes the decision worthless: only another scan helps. */
export class StaleDecision extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'StaleDecision'
  }
}
