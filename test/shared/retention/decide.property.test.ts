import fc from 'fast-check'
import { DAY, type Drawn, decideOn, digestOf, NOW } from './repository.ts'

const SIZE = 14

/** As content addressing allows: who names another's digest comes after it. The last digests of each list are of manifests that do not exist. */
const drawnManifest = (index: number): fc.Arbitrary<Drawn> => {
  const earlier = fc.integer({ min: -2, max: index - 1 }).map(String)
  return fc
    .record({
      children: fc.option(fc.uniqueArray(earlier, { maxLength: 4 })),
      subject: fc.option(earlier),
      tags: fc.constantFrom([], [], [], ['v1']),
      locked: fc.constantFrom(false, false, false, true),
      quarantined: fc.constantFrom(false, false, false, false, false, true),
      pushedDays: fc.constantFrom(0.5, 2, 30),
      untaggedDays: fc.constantFrom(1, 30, 30),
      unknown: fc.constantFrom(false, false, false, false, true),
    })
    .map(({ children, subject, pushedDays, unknown, ...given }) => ({
      name: `${index}`,
      ...(children && { children }),
      ...(subject !== null && { subject }),
      ...(unknown && { mediaType: 'application/x-unknown' }),
      pushedOn: NOW - pushedDays * DAY,
      ...given,
    }))
}

const repository = fc
  .integer({ min: 1, max: SIZE })
  .chain((size) => fc.tuple(...Array.from({ length: size }, (_, index) => drawnManifest(index))))
  .chain((drawn) => fc.shuffledSubarray(drawn, { minLength: drawn.length }))
const rule = fc.record({ keepNewest: fc.integer({ min: 0, max: 3 }) })

/** What the registry would break or take along, written down once more and simply: until nothing changes. */
function reachable(drawn: readonly Drawn[], kept: ReadonlySet<string>): ReadonlySet<string> {
  const reached = new Set(kept)
  const there = new Set(drawn.map(({ name }) => name))
  for (let before = -1; before !== reached.size; ) {
    before = reached.size
    for (const { name, children = [], subject } of drawn) {
      const digest = digestOf(name)
      if (reached.has(digest)) {
        for (const child of children) if (there.has(child)) reached.add(digestOf(child))
        if (subject !== undefined && there.has(subject)) reached.add(digestOf(subject))
      }
      if (subject !== undefined && reached.has(digestOf(subject))) reached.add(digest)
    }
  }
  return reached
}

const holding = (property: (drawn: readonly Drawn[], options: { rule: { keepNewest: number } }) => void) =>
  fc.assert(
    fc.property(repository, rule, (drawn, given) => property(drawn, { rule: given })),
    { numRuns: 500 },
  )

test('nothing that is reachable from anything kept is ever chosen', () => {
  holding((drawn, options) => {
    const { deletable, kept } = decideOn(drawn, options)
    const reached = reachable(drawn, new Set(kept.keys()))
    expect(deletable.filter(({ digest }) => reached.has(digest))).toEqual([])
  })
})

test('everything is decided once: chosen once or kept', () => {
  holding((drawn, options) => {
    const { deletable, kept } = decideOn(drawn, options)
    const chosen = deletable.map(({ digest }) => digest)
    expect([...chosen, ...kept.keys()].sort()).toEqual(drawn.map(({ name }) => digestOf(name)).sort())
  })
})

test('parents go before children', () => {
  holding((drawn, options) => {
    const order = decideOn(drawn, options).deletable.map(({ digest }) => digest)
    for (const { name, children = [] } of drawn) {
      for (const child of children) {
        const [parent, part] = [order.indexOf(digestOf(name)), order.indexOf(digestOf(child))]
        if (parent >= 0 && part >= 0) expect(parent).toBeLessThan(part)
      }
    }
  })
})

test('a lone old untagged manifest is always chosen', () => {
  holding((drawn) => {
    const { deletable } = decideOn([...drawn, { name: 'lone' }])
    expect(deletable.map(({ digest }) => digest)).toContain(digestOf('lone'))
  })
})

test('one unreadable body holds everything back', () => {
  holding((drawn, options) => {
    expect(decideOn([...drawn, { name: 'unreadable', body: 'unreadable' }], options).hold).toBe('unreadable')
  })
})

test('a decision after a part of it was carried out is the rest of it, so that a run that breaks off goes on to the same end', () => {
  fc.assert(
    fc.property(repository, rule, fc.nat(SIZE), (drawn, given, count) => {
      const whole = decideOn(drawn, { rule: given }).deletable.map(({ digest }) => digest)
      const gone = new Set(whole.slice(0, count))
      const rest = decideOn(
        drawn.filter(({ name }) => !gone.has(digestOf(name))),
        { rule: given },
      ).deletable.map(({ digest }) => digest)
      expect([...rest].sort()).toEqual(whole.slice(count).sort())
    }),
    { numRuns: 500 },
  )
})
