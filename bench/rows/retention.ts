import type { Bench } from '../bench.ts'
import { type Group, type RegistryBench, withRegistries } from '../registries.ts'
import { short } from '../report.ts'
import { residentMemory } from '../resident-memory.ts'
import type { Measured, Row } from '../row.ts'
import { until } from '../wait.ts'

/** 2,400 manifests, of which 1,800 can be deleted: 200 tagged images of two platforms, and 1,800 that nobody names. */
const LARGE: readonly Group[] = [{ count: 200, tag: 'v', platforms: 2 }, { count: 1800 }]
const SMALL: readonly Group[] = [{ count: 10, tag: 'v', platforms: 2 }, { count: 90 }]
const DELETABLE = 1800

const one = [{ name: 'app', groups: LARGE }]
const twenty = Array.from({ length: 20 }, (_, number) => ({ name: `app${number}`, groups: SMALL }))

const row = (name: string, what: string, budget: number, measure: Row['measure']): Row => ({
  name,
  what,
  unit: 's',
  budget,
  better: 'less',
  measure,
})

/** From the call that starts the run to its end; `acr purge` needs 41.5 s with its own settings and 2.8 s at 32 connections. */
export const retentionOne = row('retention', 'retention: 1 repository, 1,800 of 2,400 manifests deleted, 32 connections', 2.8, (bench) =>
  timed(bench, one, { connections: 32 }),
)
export const retentionReads = row('retention-64', 'retention: the same, 64 connections', 2, (bench) =>
  timed(bench, one, { connections: 64 }),
)
export const retentionKnown = row('retention-known', 'retention: the same, bodies known from a preview', 1.5, (bench) =>
  timed(bench, one, { connections: 64, previewed: true }),
)
export const retentionMany = row(
  'retention-many',
  'retention: 20 repositories of 120 manifests, 1,800 deleted, 64 connections',
  3,
  (bench) => timed(bench, twenty, { connections: 64 }),
)

/** From the call that starts the run, as the timer does, to the first deletion that the registry has answered. */
export const retentionFirst = row(
  'retention-first',
  'retention: 1 repository, to its first deletion, bodies known from a preview',
  0.5,
  (bench) =>
    withRegistries(bench, {}, async (world) => {
      const samples: number[] = []
      for (let run = 0; run < (bench.quick ? 2 : 5); run++) {
        const registry = await world.registry(`first${run}`)
        await registry.seed(one)
        await registry.ended(await registry.start(true))
        const before = await world.deletes()
        const start = performance.now()
        const id = await registry.start()
        await until('a deletion', async () => ((await world.deletes()) > before ? true : undefined), { everyMs: 5, seconds: 30 })
        samples.push((performance.now() - start) / 1000)
        await registry.ended(id)
      }
      return { samples }
    }),
)

const REGISTRIES = 100
const EACH: readonly Group[] = [{ count: 20, tag: 'v', platforms: 2 }, { count: 140 }]

/** All runs are started at once; from the first start to the last end. */
export const retentionRegistries = row(
  'retention-registries',
  'retention: 100 registries of 200 manifests at once, 14,000 deleted',
  30,
  (bench) =>
    withRegistries(bench, {}, async (world) => {
      const registries = []
      for (let number = 0; number < REGISTRIES; number++) {
        const registry = await world.registry(`fleet${number}`)
        await registry.seed([{ name: 'app', groups: EACH }])
        registries.push(registry)
      }
      const start = performance.now()
      const runs = await Promise.all(registries.map(async (registry) => ({ registry, id: await registry.start() })))
      let deleted = 0
      // One after the other: each is asked for until it has ended, and most have by then.
      for (const { registry, id } of runs) deleted += (await registry.ended(id)).deleted
      const seconds = (performance.now() - start) / 1000
      return {
        samples: [seconds],
        fault: deleted === 140 * REGISTRIES ? undefined : `${deleted} were deleted`,
        remark: `the host's memory at its peak ${Math.round(residentMemory(world.host().pid).peak)} MiB`,
      }
    }),
)

/** Reads of the next day's run over an unchanged registry, as a part of the first one's. */
export const retentionUnchanged: Row = {
  name: 'retention-unchanged',
  what: "retention: reads of a daily run over an unchanged registry, of the first run's",
  unit: '×',
  budget: 0.01,
  better: 'less',
  measure: (bench) =>
    withRegistries(bench, {}, async (world) => {
      const registry = await world.registry('unchanged')
      await registry.seed(twenty)
      const counts = [await world.reads()]
      for (let day = 0; day < 2; day++) {
        await registry.ended(await registry.start())
        counts.push(await world.reads())
      }
      const [before = 0, first = 0, second = 0] = counts
      return { samples: [(second - first) / (first - before)], remark: `${first - before} reads, then ${second - first}` }
    }),
}

interface Way {
  /** At once, for reads and for deletions. */
  readonly connections: number
  readonly previewed?: boolean
}

function timed(
  bench: Bench,
  repositories: Parameters<Awaited<ReturnType<RegistryBench['registry']>>['seed']>[0],
  { connections, previewed }: Way,
): Promise<Measured> {
  const settings = { SLIPWAY_REGISTRY_READS: `${connections}`, SLIPWAY_REGISTRY_DELETES: `${connections}` }
  return withRegistries(bench, settings, async (world) => {
    const samples: number[] = []
    let fault: string | undefined
    for (let run = 0; run < (bench.quick ? 2 : 5); run++) {
      const registry = await world.registry(`bench${run}`)
      await registry.seed(repositories)
      if (previewed) await registry.ended(await registry.start(true))
      const start = performance.now()
      const { deleted } = await registry.ended(await registry.start())
      samples.push((performance.now() - start) / 1000)
      if (deleted !== DELETABLE) fault = `${deleted} of ${DELETABLE} were deleted`
    }
    return { samples, fault, remark: `the first one, with nothing compiled and no connection open, ${short(samples[0] ?? 0)} s` }
  })
}
