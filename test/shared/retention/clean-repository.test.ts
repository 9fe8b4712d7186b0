import { ProblemError } from '../../../shared/problem.ts'
import type { DataPlane } from '../../../shared/registries/data-plane/data-plane.ts'
import { cleanRepository } from '../../../shared/retention/clean-repository.ts'
import type { Manifest } from '../../../shared/retention/manifest.ts'
import { totalsOf } from '../../../shared/retention/perform-run.ts'
import { policySchema } from '../../../shared/retention/policy.ts'
import { repositoryReport, repositoryResults } from '../../../shared/retention/report.ts'
import type { Run } from '../../../shared/retention/run.ts'
import type { Services } from '../../../shared/services.ts'
import { testServices } from '../../services.ts'
import { DAY, DOCKER_IMAGE, type Drawn, manifestOf } from './repository.ts'

const services = testServices()
const now = Math.floor(services.clock.now() / 1000)
const manifests = Array.from({ length: 1000 }, (_, index) => manifestOf({ name: `${index}`, pushedOn: now - 30 * DAY }))

/** A registry that lets so many bodies be read in one activity. */
function throttled(bodies: number): DataPlane {
  let left = bodies
  return {
    repository: async () => ({ manifestCount: manifests.length, tagCount: 0, lastUpdateTime: 'x', locked: false }),
    manifests: async () => ({ manifests }),
    body: async () => {
      if (left-- > 0) return { children: [] }
      throw new ProblemError({ code: 'throttled', message: 'wait', retryable: true, retryAfter: 7 })
    },
    isThrottling: () => false,
  } as Partial<DataPlane> as DataPlane
}

const run: Run = {
  id: '0000000000000000_00000000000000000000',
  registryId: '0000000000000000',
  trigger: 'hand',
  requestedBy: 'test',
  dryRun: true,
  brakeOff: true,
  state: 'running',
  attempt: 1,
  policy: policySchema.parse({ backlog: 'push-time' }),
  createdOn: now,
}

test('what was read before time ran out is not read again, so that a repository of any size comes to an end', async () => {
  const outcomes = []
  for (let activity = 0; activity < 3; activity++)
    outcomes.push(
      await cleanRepository({ services, run, dataPlane: throttled(400), until: Number.POSITIVE_INFINITY, leastSweep: 0 }, 'large'),
    )
  expect(outcomes).toEqual([{ state: 'more', retryAfter: 7 }, { state: 'more', retryAfter: 7 }, { state: 'done' }])
  // The days of what nobody had looked at before still begin at its push.
  const report = await repositoryReport(services, run, 'large')
  expect(report.map(({ decision, untaggedSince }) => [decision, untaggedSince])).toEqual(Array(1000).fill(['delete', now - 30 * DAY]))
})

test('days are counted from when something was seen untagged, also in a run that began hours before; the run itself decides as of its beginning', async () => {
  const dataPlane = throttled(1000)
  const policy = policySchema.parse({ rules: [{ name: 'a', untaggedDays: 0, minimumAgeDays: 0 }] })
  services.advance(5 * 3_600_000)
  const first = { ...run, id: '0000000000000000_00000000000000000001', policy }
  expect(await cleanRepository({ services, run: first, dataPlane, until: Number.POSITIVE_INFINITY, leastSweep: 0 }, 'slow')).toEqual({
    state: 'done',
  })
  expect((await repositoryReport(services, first, 'slow'))[0]).toMatchObject({ decision: 'delete', untaggedSince: now })
  const next = { ...first, id: '0000000000000000_00000000000000000002', createdOn: now + 6 * 3_600 }
  await cleanRepository({ services, run: next, dataPlane, until: Number.POSITIVE_INFINITY, leastSweep: 0 }, 'slow')
  expect((await repositoryReport(services, next, 'slow'))[0]).toMatchObject({ untaggedSince: now + 5 * 3_600 })
})

const away = () => new ProblemError({ code: 'transient', message: 'The registry is away.', retryable: true })

/** A registry of images of a month ago, and what may happen to it. */
function registryOf(images: readonly Drawn[]) {
  const there = new Map<string, Manifest>()
  let changes = 0
  const push = (drawn: Drawn) => {
    const manifest = manifestOf({ mediaType: DOCKER_IMAGE, pushedOn: now - 30 * DAY, ...drawn })
    there.set(manifest.digest, manifest)
    changes++
  }
  images.forEach(push)
  const knobs = {
    removals: Number.POSITIVE_INFINITY,
    lists: 0,
    isAway: false,
    hides: 0,
    locked: false,
    removed: (_deletions: number) => {},
  }
  let deletions = 0
  const asked = <T>(answer: T): T => {
    if (knobs.isAway) throw away()
    return answer
  }
  const dataPlane: Partial<DataPlane> = {
    repository: async () => {
      const tagCount = [...there.values()].flatMap(({ tags }) => tags).length
      return asked({ manifestCount: there.size + knobs.hides, tagCount, lastUpdateTime: `${changes}`, locked: knobs.locked })
    },
    manifests: async () => {
      knobs.lists++
      return asked({ manifests: [...there.values()] })
    },
    manifest: async (_, digest) => asked(there.get(digest)),
    body: async () => asked({ children: [] }),
    remove: async (_, digest, lastLook) => {
      if (!(await lastLook())) return 'spared'
      if (deletions === knobs.removals) throw new ProblemError({ code: 'throttled', message: 'wait', retryable: true })
      there.delete(digest)
      changes++
      knobs.removed(++deletions)
      return 'deleted'
    },
    isThrottling: () => false,
  }
  return { dataPlane: dataPlane as DataPlane, knobs, push, there: () => [...there.keys()].sort() }
}

const thirty = Array.from({ length: 30 }, (_, index) => ({ name: `${index}` }))
let runs = 100
const enforcing = (given: Partial<Run> = {}): Run => ({
  ...run,
  id: `0000000000000000_${String(runs++).padStart(20, '0')}`,
  dryRun: false,
  policy: policySchema.parse({ mode: 'enforce', backlog: 'push-time' }),
  createdOn: Math.floor(services.clock.now() / 1000),
  ...given,
})
const cleaned = (given: Run, dataPlane: DataPlane, name: string, world: Services = services) =>
  cleanRepository({ services: world, run: given, dataPlane, until: Number.POSITIVE_INFINITY, leastSweep: 0 }, name)
const resultOf = async (given: Run, name: string) =>
  (await repositoryResults(services, given)).find(({ repository }) => repository === name)
const outcomes = async (given: Run, name: string) => {
  const counts: Record<string, number> = {}
  for (const { outcome } of await repositoryReport(services, given, name)) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

/** Services whose storage takes so many writes of one table. */
function storageWithout(table: string, writes: number): Services {
  let left = writes
  const tables: Services['tables'] = {
    table(name, schema) {
      const real = services.tables.table(name, schema)
      if (name !== table) return real
      return {
        ...real,
        upsert: async (...row) => {
          if (left-- > 0) return real.upsert(...row)
          throw new Error('The storage is away.')
        },
      }
    },
  }
  return { ...services, tables }
}

describe('what was deleted is told', () => {
  test('although the registry cannot be asked after the last deletion', async () => {
    const { dataPlane, knobs } = registryOf(thirty)
    knobs.removed = (deletions) => {
      knobs.isAway = deletions === 30
    }
    const given = enforcing()
    expect(await cleaned(given, dataPlane, 'after')).toEqual({ state: 'done' })
    expect(await resultOf(given, 'after')).toMatchObject({ result: 'cleaned', candidates: 30, deleted: 30, deletedBytes: 3000 })
    expect(await outcomes(given, 'after')).toEqual({ deleted: 30 })
  })

  test.each([
    ['is away', { isAway: true }, { result: 'failed', problem: { message: 'The registry is away.' } }, 'unknown'],
    ['hides something', { hides: 1 }, { result: 'held', hold: 'incomplete-listing' }, 'unknown'],
    ['is locked', { locked: true }, { result: 'held', hold: 'repository-locked' }, 'not-tried'],
  ] as const)('although the registry %s when the rest is taken up', async (name, change, ending, others) => {
    const { dataPlane, knobs } = registryOf(thirty)
    knobs.removals = 20
    const given = enforcing()
    expect(await cleaned(given, dataPlane, name)).toEqual({ state: 'more' })
    expect(await outcomes(given, name)).toEqual({ deleted: 20, planned: 10 })
    // Its run was given up.
    expect(totalsOf(await repositoryResults(services, given))).toMatchObject({ candidates: 30, deleted: 20, failedRepositories: 1 })
    expect(await outcomes({ ...given, state: 'failed' }, name).then(({ deleted, unknown }) => [deleted, unknown])).toEqual([20, 10])
    Object.assign(knobs, { removals: Number.POSITIVE_INFINITY, ...change })
    expect(await cleaned(given, dataPlane, name)).toEqual({ state: 'done' })
    expect(await resultOf(given, name)).toMatchObject({ ...ending, candidates: 30, deleted: 20, deletedBytes: 2000, spared: 0, failed: 0 })
    expect(await outcomes(given, name)).toEqual({ deleted: 20, [others]: 10 })
  })

  test('although whoever deleted it was killed before he wrote it down', async () => {
    const { dataPlane, knobs } = registryOf(thirty)
    knobs.removals = 20
    const given = enforcing()
    await expect(cleaned(given, dataPlane, 'killed', storageWithout('retentionresults', 1))).rejects.toThrow('storage')
    expect(await resultOf(given, 'killed')).toMatchObject({ state: 'planned', deleted: 0 })
    knobs.locked = true
    expect(await cleaned(given, dataPlane, 'killed')).toEqual({ state: 'done' })
    expect(await resultOf(given, 'killed')).toMatchObject({ result: 'held', deleted: 20 })
    expect(await outcomes(given, 'killed')).toEqual({ deleted: 20, 'not-tried': 10 })
  })

  test('although nothing can be remembered', async () => {
    const { dataPlane } = registryOf(thirty)
    const given = enforcing()
    expect(await cleaned(given, dataPlane, 'forgotten', storageWithout('retentionmemory', 0))).toEqual({ state: 'done' })
    expect(await resultOf(given, 'forgotten')).toMatchObject({ result: 'cleaned', deleted: 30 })
  })
})

describe('after a run that deleted', () => {
  const latest = { name: 'A', tags: ['latest'] }
  const day = DAY * 1000
  const policy = policySchema.parse({ mode: 'enforce', backlog: 'push-time', rules: [{ name: 'a', untaggedDays: 20 }] })
  /** `B` was pushed too lately to go with the others. */
  const rollback = () => registryOf([...thirty, latest, { name: 'B', pushedOn: Math.floor(services.clock.now() / 1000) - 15 * DAY }])
  const go = async ({ dataPlane }: Pick<ReturnType<typeof rollback>, 'dataPlane'>, name: string, given: Partial<Run> = {}) => {
    const next = enforcing({ policy, ...given })
    await cleaned(next, dataPlane, name)
    return resultOf(next, name)
  }

  test('the next one lists nothing where nothing else happened', async () => {
    const world = rollback()
    expect(await go(world, 'quiet')).toMatchObject({ deleted: 30 })
    world.knobs.lists = 0
    services.advance(day)
    expect(await go(world, 'quiet')).toMatchObject({ result: 'unchanged' })
    expect(world.knobs.lists).toBe(0)
  })

  test('an image that got the tag of another meanwhile has its days begin when it loses that', async () => {
    const world = rollback()
    const pushedOn = Math.floor(services.clock.now() / 1000) - 15 * DAY
    world.knobs.removed = (deletions) => {
      if (deletions !== 15) return
      world.push({ name: 'A' })
      world.push({ name: 'B', tags: ['latest'], pushedOn })
    }
    expect(await go(world, 'rollback')).toMatchObject({ deleted: 30 })
    services.advance(day)
    expect(await go(world, 'rollback')).toMatchObject({ result: 'cleaned', listed: 2 })
    services.advance(5 * day)
    world.push({ name: 'C', tags: ['latest'], pushedOn: Math.floor(services.clock.now() / 1000) })
    world.push({ name: 'B', pushedOn })
    expect(await go(world, 'rollback')).toMatchObject({ result: 'cleaned', candidates: 0 })
  })

  test('an event since the last look has the repository looked at, whatever its counts and times say', async () => {
    const world = rollback()
    await go(world, 'told')
    services.advance(1000)
    const eventOn = Math.floor(services.clock.now() / 1000)
    const told = (on: number) => ({ trigger: 'event', events: [{ repository: 'told', eventOn: on }] }) as const
    expect(await go(world, 'told', told(eventOn - 60))).toMatchObject({ result: 'unchanged' })
    expect(await go(world, 'told', told(eventOn))).toMatchObject({ result: 'cleaned', listed: 2 })
  })
})
