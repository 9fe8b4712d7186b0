import { loadDurations, recordDurations } from '../../../shared/operations/durations.ts'
import type { StepRecord } from '../../../shared/operations/step-record.ts'
import type { Services } from '../../../shared/services.ts'
import { azurite } from '../../azurite.ts'
import { testServices } from './test-services.ts'

let services: Services

beforeEach(() => {
  services = testServices(azurite().connectionString).services
})

/** At ten times the speed of the real Azure, so that a second here is ten there. */
const run = (kind: string, seconds: number, state: StepRecord['state'] = 'done'): StepRecord => ({
  id: `${kind}:${seconds}`,
  kind,
  state,
  attempt: 1,
  begunAt: 5000,
  endedAt: 5000 + seconds * 100,
})

test('a kind that has hardly run takes what it says itself', async () => {
  await recordDurations(services, [run('disk', 30), run('disk', 30)])
  const typical = await loadDurations(services)
  expect([typical('disk', 5), typical('network', 7)]).toEqual([5, 7])
})

test('after that the median of its runs counts, and only of those that were done', async () => {
  await recordDurations(services, [run('disk', 30), run('disk', 10), run('disk', 500, 'failed'), run('network', 4)])
  await recordDurations(services, [run('disk', 90), run('disk', 20)])
  expect((await loadDurations(services))('disk', 5)).toBe(25)
})

test('only the latest twenty runs are remembered', async () => {
  for (let batch = 0; batch < 4; batch++)
    await recordDurations(
      services,
      Array.from({ length: 10 }, () => run('disk', batch < 2 ? 1000 : 30)),
    )
  expect((await loadDurations(services))('disk', 5)).toBe(30)
})
