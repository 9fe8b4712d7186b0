import { ProblemError } from '../../../shared/problem.ts'
import type { DataPlane } from '../../../shared/registries/data-plane/data-plane.ts'
import { cleanRepository } from '../../../shared/retention/clean-repository.ts'
import { policySchema } from '../../../shared/retention/policy.ts'
import { repositoryReport } from '../../../shared/retention/report.ts'
import type { Run } from '../../../shared/retention/run.ts'
import { testServices } from '../../services.ts'
import { DAY, manifestOf } from './repository.ts'

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
