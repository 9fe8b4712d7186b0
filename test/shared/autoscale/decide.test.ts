import fc from 'fast-check'
import { decide, type Resources, type Situation, type Surplus } from '../../../shared/autoscale/decide.ts'

const worker = { vcores: 4, memoryMB: 16_384 }
const MINUTE = 60_000

const limits = fc
  .record({
    minWorkers: fc.nat(5),
    more: fc.nat(20),
    standbyWorkers: fc.constantFrom(0, 0.25, 0.5, 1, 2.5),
    downscaleWaitTime: fc.constantFrom(0, 60, 300, 3600),
  })
  .map(({ minWorkers, more, ...rest }) => ({ ...rest, minWorkers, maxWorkers: minWorkers + more }))

type Load = NonNullable<Situation['load']>

const resources = fc.record({ vcores: fc.nat(120), memoryMB: fc.nat(500_000) })

/** What YARN says of a demand: what there is room for is allocated, the rest waits. */
function loadOf(demand: Resources, workers: number, beside: Resources): Load {
  const split = (of: 'vcores' | 'memoryMB') => Math.min(demand[of], workers * worker[of] + beside[of])
  const allocated = { vcores: split('vcores'), memoryMB: split('memoryMB') }
  return { allocated, pending: { vcores: demand.vcores - allocated.vcores, memoryMB: demand.memoryMB - allocated.memoryMB } }
}

/** Decides once a minute and does at once what was decided; gives the number of workers after each minute. `unknown`: nobody knows the load. */
function run(from: number, of: Situation['limits'], beside: Resources, demands: readonly (Resources | 'unknown')[]): number[] {
  let workers = from
  let surplus: Surplus | undefined
  return demands.map((demand, minute) => {
    const load = demand === 'unknown' ? undefined : loadOf(demand, workers, beside)
    const decision = decide({ limits: of, worker, beside, load, workers, surplus, now: minute * MINUTE })
    workers = decision.workers
    surplus = decision.surplus
    return workers
  })
}

const forLong = (demand: Resources) => Array.from({ length: 80 }, () => demand)

test('there are never more workers than the most, nor fewer than the least', () => {
  fc.assert(
    fc.property(limits, resources, fc.nat(40), fc.array(resources, { minLength: 1, maxLength: 50 }), (of, beside, from, demands) => {
      for (const workers of run(from, of, beside, demands)) {
        expect(workers).toBeGreaterThanOrEqual(of.minWorkers)
        expect(workers).toBeLessThanOrEqual(of.maxWorkers)
      }
    }),
  )
})

test('under a constant load the number comes to rest, in one direction, and holds the load where the limits allow it', () => {
  fc.assert(
    fc.property(limits, resources, fc.nat(40), resources, (of, beside, from, demand) => {
      const inside = Math.min(of.maxWorkers, Math.max(of.minWorkers, from))
      const course = [inside, ...run(inside, of, beside, forLong(demand))]
      const steps = course.slice(1).map((workers, index) => Math.sign(workers - (course[index] ?? 0)))
      expect(new Set(steps.filter((step) => step !== 0)).size).toBeLessThanOrEqual(1)
      expect(steps.filter((step) => step !== 0).length).toBeLessThanOrEqual(1)
      const last = course.at(-1) ?? 0
      if (last < of.maxWorkers) {
        expect(last * worker.vcores + beside.vcores).toBeGreaterThanOrEqual(demand.vcores)
        expect(last * worker.memoryMB + beside.memoryMB).toBeGreaterThanOrEqual(demand.memoryMB)
      }
    }),
  )
})

test('where the load leads does not depend on how many workers there were', () => {
  fc.assert(
    fc.property(limits, resources, fc.nat(40), fc.nat(40), resources, (of, beside, one, other, demand) => {
      expect(run(one, of, beside, forLong(demand)).at(-1)).toBe(run(other, of, beside, forLong(demand)).at(-1))
    }),
  )
})

test('what is needed comes at once, and goes only once it has not been needed for so long', () => {
  fc.assert(
    fc.property(limits, fc.array(resources, { minLength: 1, maxLength: 60 }), (of, demands) => {
      const beside = { vcores: 0, memoryMB: 0 }
      const wait = of.downscaleWaitTime / 60
      const needed = demands.map((demand) => run(0, { ...of, downscaleWaitTime: 0 }, beside, [demand])[0] ?? 0)
      const course = run(of.minWorkers, of, beside, demands)
      for (const [minute, workers] of course.entries()) {
        expect(workers).toBeGreaterThanOrEqual(needed[minute] ?? 0)
        const window = needed.slice(Math.max(0, minute - wait), minute + 1)
        if (minute > 0 && workers < (course[minute - 1] ?? 0)) expect(workers).toBeGreaterThanOrEqual(Math.max(...window))
      }
    }),
  )
})

const sometimesUnknown = fc.array(fc.oneof(resources, fc.constant('unknown' as const)), { minLength: 1, maxLength: 60 })

test('while nobody knows the load, no worker comes or goes but for the limits', () => {
  fc.assert(
    fc.property(limits, resources, fc.nat(40), sometimesUnknown, (of, beside, from, demands) => {
      const course = run(from, of, beside, demands)
      for (const [minute, demand] of demands.entries()) {
        if (demand !== 'unknown') continue
        const before = course[minute - 1] ?? from
        expect(course[minute]).toBe(Math.min(of.maxWorkers, Math.max(of.minWorkers, before)))
      }
    }),
  )
})

test('after a minute without a known load, workers have to be too many for the whole wait again', () => {
  fc.assert(
    fc.property(limits, resources, sometimesUnknown, (of, beside, demands) => {
      const course = run(of.maxWorkers, of, beside, demands)
      for (const [minute, workers] of course.entries()) {
        if (workers >= (course[minute - 1] ?? of.maxWorkers)) continue
        expect(demands.slice(Math.max(0, minute - of.downscaleWaitTime / 60), minute + 1)).not.toContain('unknown')
      }
    }),
  )
})

const calm = {
  limits: { minWorkers: 0, maxWorkers: 10, standbyWorkers: 0.5, downscaleWaitTime: 300 },
  worker,
  beside: { vcores: 0, memoryMB: 0 },
  now: 0,
}
const cores = (vcores: number) => ({ vcores, memoryMB: 0 })
const load = (allocated: Resources, pending: Resources): Load => ({ allocated, pending })

test.each<[string, Partial<Situation>, number]>([
  ['an idle cluster that may have no workers has none, standby or not', { workers: 0, load: load(cores(0), cores(0)) }, 0],
  ['an idle cluster keeps its least', { workers: 2, limits: { ...calm.limits, minWorkers: 2 }, load: load(cores(0), cores(0)) }, 2],
  ['a job that waits gets workers', { workers: 0, load: load(cores(0), cores(6)) }, 2],
  ['half a worker is to stay free', { workers: 1, load: load(cores(2), cores(0)) }, 1],
  ['less than half a worker is free', { workers: 1, load: load(cores(3), cores(0)) }, 2],
  ['memory counts as well', { workers: 1, load: load({ vcores: 1, memoryMB: 16_000 }, cores(0)) }, 2],
  ['static workers hold their part', { workers: 0, beside: { vcores: 8, memoryMB: 32_768 }, load: load(cores(8), cores(1)) }, 1],
  [
    'without standby a full worker is enough',
    { workers: 1, limits: { ...calm.limits, standbyWorkers: 0 }, load: load(cores(4), cores(0)) },
    1,
  ],
])('%s', (_what, situation, workers) => {
  expect(decide({ ...calm, workers: 0, load: load(cores(0), cores(0)), ...situation }).workers).toBe(workers)
})
