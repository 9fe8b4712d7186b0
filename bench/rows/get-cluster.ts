import type { Bench } from '../bench.ts'
import { askForCluster, untilRunning } from '../clusters.ts'
import type { LoadOutcome } from '../load/load.ts'
import { runLoad } from '../load/run-load.ts'
import { short } from '../report.ts'
import type { Measured, Row } from '../row.ts'
import { startWorld } from '../world.ts'

export const getCluster: Row = {
  name: 'get-cluster',
  what: 'GET /api/clusters/{id}: p99 at 200 requests/s',
  unit: 'ms',
  budget: 25,
  better: 'less',
  measure,
}

/** A cluster that runs, and its agent that calls, as in ordinary life. */
async function measure(bench: Bench): Promise<Measured> {
  await using world = await startWorld(bench, '--speed', '200')
  const { id } = await askForCluster(bench, world, 'bench')
  await untilRunning(world, id, 120)
  const load = { url: `${world.ready.api}/api/clusters/${id}`, headers: { 'x-api-key': world.ready.key }, connections: 64, rate: 200 }
  await runLoad(bench, { ...load, seconds: 3 })
  const outcomes: LoadOutcome[] = []
  for (let run = 0; run < 3; run++) outcomes.push(await runLoad(bench, { ...load, seconds: bench.quick ? 4 : 10 }))
  const failed = outcomes.flatMap(({ answers }) => Object.keys(answers)).find((status) => status !== '200')
  const seen = outcomes.map(({ p50, max, heldUp }) => `p50 ${short(p50)}, slowest ${short(max)}, sender held up ${short(heldUp)} ms`)
  return { samples: outcomes.map(({ p99 }) => p99), remark: seen.join('; '), fault: failed && `an answer was ${failed}` }
}
