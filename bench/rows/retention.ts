import type { Bench } from '../bench.ts'
import { type Group, type RegistryBench, withRegistries } from '../registries.ts'
import { short } from '../report.ts'
import type { Measured, Row } from '../row.ts'

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
  timed(bench, one, { reads: 32 }),
)
export const retentionReads = row('retention-64', 'retention: the same, 64 connections for reads', 2, (bench) =>
  timed(bench, one, { reads: 64 }),
)
export const retentionKnown = row('retention-known', 'retention: the same, bodies known from a preview', 1.5, (bench) =>
  timed(bench, one, { reads: 64, previewed: true }),
)
export const retentionMany = row('retention-many', 'retention: 20 repositories of 120 manifests, 1,800 deleted', 3, (bench) =>
  timed(bench, twenty, { reads: 32 }),
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
  readonly reads: number
  readonly previewed?: boolean
}

function timed(
  bench: Bench,
  repositories: Parameters<Awaited<ReturnType<RegistryBench['registry']>>['seed']>[0],
  { reads, previewed }: Way,
): Promise<Measured> {
  return withRegistries(bench, { SLIPWAY_REGISTRY_READS: `${reads}` }, async (world) => {
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
