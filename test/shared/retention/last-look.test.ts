import type { DataPlane } from '../../../shared/registries/data-plane/data-plane.ts'
import { createLastLook, StaleDecision } from '../../../shared/retention/last-look.ts'
import type { Manifest } from '../../../shared/retention/manifest.ts'
import { manifestOf } from './repository.ts'

const START = 1_000_000
/** Of one listing, in milliseconds. */
const LATENCY = 30

/** A repository whose listings take their time, all of it to be deleted in the order of digests. */
function world(count: number) {
  const clock = { time: START, now: () => clock.time }
  const manifests = Array.from({ length: count }, (_, number) => manifestOf({ name: `${number}` })).sort((a, b) =>
    a.digest < b.digest ? -1 : 1,
  )
  /** The newest first. */
  const pushed: Manifest[] = []
  const asked: string[] = []
  const underWay: { readonly ends: number; readonly end: () => void }[] = []
  /** Answers with what is there when it is asked. */
  const answer = <T>(what: string, value: T): Promise<T> => {
    asked.push(what)
    return new Promise((resolve) => underWay.push({ ends: clock.time + LATENCY, end: () => resolve(value) }))
  }
  const dataPlane = {
    isThrottling: () => false,
    manifests: (_: string, { after = '', newestFirst, limit = 1000 }: { after?: string; newestFirst?: true; limit?: number } = {}) => {
      const newest = [...new Set([...pushed, ...manifests])]
      const all = newestFirst ? newest : newest.filter(({ digest }) => digest > after).sort((a, b) => (a.digest < b.digest ? -1 : 1))
      return answer(newestFirst ? 'newest' : 'page', { manifests: all.slice(0, limit), ...(all.length > limit && { next: 'more' }) })
    },
    manifest: (_: string, digest: string) =>
      answer(
        'one',
        manifests.find((one) => one.digest === digest),
      ),
  } as Partial<DataPlane> as DataPlane
  const look = createLastLook({
    dataPlane,
    repository: 'app',
    manifests: [...manifests],
    seenAt: START,
    order: manifests.map(({ digest }) => digest),
    clock,
  })
  const pass = async (ms: number) => {
    clock.time += ms
    while (underWay[0] && underWay[0].ends <= clock.time) underWay.shift()?.end()
    for (let turn = 0; turn < 12; turn++) await Promise.resolve()
  }
  /** Whether both answers came without waiting for the registry. */
  const isReady = async (digest: string) => {
    let ready = false
    const looked = Promise.all([look.newcomers(), look.at(digest)]).then(() => {
      ready = true
    })
    await pass(0)
    const atOnce = ready
    while (!ready) await pass(1)
    await looked
    return atOnce
  }
  return { look, manifests, pushed, asked, pass, isReady, clock }
}

test.each([
  [2400, 'many pages'],
  [900, 'one page'],
])('of %i deletions none waits for its last look once the first listing is there', async (count) => {
  const { look, manifests, asked, pass, isReady } = world(count)
  await pass(2000)
  const begun = look.begin()
  await pass(LATENCY)
  await begun
  const waited = []
  for (const { digest } of manifests) {
    if (!(await isReady(digest))) waited.push(digest)
    // Fifteen hundred a second.
    await pass(2 / 3)
  }
  expect(waited).toEqual([])
  // Two listings a second and what the pages need: not one call for each.
  expect(asked.length).toBeLessThan(count / 100)
  expect(asked).not.toContain('one')
})

test('what has got a tag is seen within a second', async () => {
  const { look, manifests, pass, clock } = world(900)
  const [first, ...others] = manifests
  if (!first) throw new Error('no manifest')
  manifests[0] = { ...first, tags: ['v1'] }
  const tagged = clock.time
  let seenAfter = Number.POSITIVE_INFINITY
  for (const { digest } of others) {
    void look.at(digest)
    await pass(2)
    let now: Manifest | undefined
    void look.at(first.digest).then((manifest) => {
      now = manifest
    })
    await pass(0)
    if (now?.tags.length === 1) seenAfter = Math.min(seenAfter, clock.time - tagged)
  }
  expect(seenAfter).toBeLessThan(1000)
})

test('what was pushed meanwhile is told of once', async () => {
  const { look, pushed, pass } = world(900)
  pushed.push(manifestOf({ name: 'newcomer' }))
  const told: (readonly Manifest[])[] = []
  for (let seconds = 0; seconds < 5; seconds++) {
    await pass(1000)
    const newcomers = look.newcomers().then((found) => void told.push(found))
    await pass(LATENCY)
    await newcomers
  }
  expect(told).toEqual([pushed, [], [], [], []])
})

test('what was pushed while a large repository was listed is told of although as much that is newer was listed', async () => {
  const { look, manifests, pushed, pass } = world(2400)
  const newcomer = manifestOf({ name: 'newcomer' })
  pushed.push(...manifests.slice(1500, 1620), newcomer)
  await pass(1000)
  const newcomers = look.newcomers()
  await pass(LATENCY)
  await pass(LATENCY)
  expect(await newcomers).toEqual([newcomer])
})

test('when more was pushed than can be looked at, it has to be decided anew', async () => {
  const { look, pushed, pass } = world(2400)
  pushed.push(...Array.from({ length: 1001 }, (_, number) => manifestOf({ name: `newcomer ${number}` })))
  await pass(1000)
  const newcomers = look.newcomers().catch((error: unknown) => error)
  await pass(LATENCY)
  await pass(LATENCY)
  expect(await newcomers).toBeInstanceOf(StaleDecision)
})
