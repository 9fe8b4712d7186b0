import type { Bench } from '../bench.ts'
import { short } from '../report.ts'
import type { Measured, Row } from '../row.ts'
import { seedClusters } from '../seed-clusters.ts'
import { percentile } from '../statistics.ts'
import { startWorld, type World } from '../world.ts'

const CLUSTERS = 10_000
const PAGE = 100

export const listClusters: Row = {
  name: 'list-clusters',
  what: 'list of 10,000 clusters: a page of 100',
  unit: 'ms',
  budget: 60,
  better: 'less',
  measure,
}

/** Every page of the list in turn, first and last ones alike. */
async function measure(bench: Bench): Promise<Measured> {
  await using world = await startWorld(bench)
  bench.say('  writing 10,000 rows …')
  await seedClusters(bench, world, CLUSTERS)
  await readAll(world)
  const { samples, found } = await readAll(world)
  return {
    samples,
    remark: `p99 ${short(percentile(samples, 0.99))} ms`,
    fault: found === CLUSTERS ? undefined : `the pages held ${found} clusters`,
  }
}

async function readAll(world: World): Promise<{ readonly samples: readonly number[]; readonly found: number }> {
  const samples: number[] = []
  let found = 0
  for (let more: string | undefined = ''; more !== undefined; ) {
    const start = performance.now()
    const page: { clusters: readonly unknown[]; continuation?: string } = await world.ask(
      'GET',
      `clusters?limit=${PAGE}${more && `&continuation=${more}`}`,
    )
    samples.push(performance.now() - start)
    found += page.clusters.length
    more = page.continuation
  }
  return { samples, found }
}
