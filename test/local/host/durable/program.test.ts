import fc from 'fast-check'
import { azurite } from '../../../azurite.ts'
import type { Work } from '../apps/program.ts'
import { appFolder, testHost } from '../test-host.ts'
import { taskHub } from './task-hub.ts'

type Leaf = Exclude<Work, { readonly parts: unknown }>

const leaf: fc.Arbitrary<Leaf> = fc.oneof(
  fc.record({ kind: fc.constantFrom('call' as const, 'sub' as const, 'event' as const), name: fc.constant('') }),
  fc.record({ kind: fc.constant('retry' as const), name: fc.constant(''), failures: fc.nat(3), attempts: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('timer' as const), name: fc.constant(''), milliseconds: fc.nat(20) }),
)
const compound = (part: fc.Arbitrary<Work>) =>
  fc.record({ kind: fc.constantFrom('all' as const, 'any' as const), parts: fc.array(part, { minLength: 1, maxLength: 4 }) })
const program = fc.array(
  fc.oneof({ weight: 2, arbitrary: leaf }, { weight: 3, arbitrary: compound(fc.oneof({ weight: 5, arbitrary: leaf }, compound(leaf))) }),
  {
    minLength: 1,
    maxLength: 6,
  },
)

/** Names every leaf after its place. A letter first: the library would take an event named 1 for the end of task 1. */
function named(work: Work, place: string): Work {
  if (!('parts' in work)) return { ...work, name: place }
  return { ...work, parts: work.parts.map((part, index) => named(part, `${place}.${index}`)) }
}

const leaves = (work: Work): Leaf[] => ('parts' in work ? work.parts.flatMap(leaves) : [work])

/** What the program returns: the outcome of each leaf that it awaits alone. */
function expected(work: Work): unknown[] {
  if ('parts' in work) return work.parts.flatMap((part) => ('parts' in part ? [] : expected(part)))
  if (work.kind === 'timer') return [null]
  if (work.kind === 'retry' && work.failures >= work.attempts) return [{ error: 'not yet' }]
  return [work.name]
}

test('whatever an orchestrator awaits, each task gets its own outcome', async () => {
  const host = await testHost({ app: await appFolder('program'), settings: { AzureWebJobsStorage: azurite().connectionString } })
  const hub = taskHub(host)
  let count = 0
  await fc.assert(
    fc.asyncProperty(program, async (shape) => {
      const id = `program-${count++}`
      const works = shape.map((work, index) => named(work, `w${index}`))
      await hub.start('program', id, works)
      const events = works.flatMap(leaves).filter(({ kind }) => kind === 'event')
      await Promise.all(events.map(({ name }) => hub.raise(id, name, name)))
      expect(await hub.ended(id)).toMatchObject({ runtimeStatus: 'Completed', output: works.flatMap(expected) })
    }),
    { numRuns: 60 },
  )
}, 120_000)
