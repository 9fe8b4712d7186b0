import type { Bench } from '../bench.ts'
import { askForCluster, untilRunning } from '../clusters.ts'
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
  const { requests, answers, p50, p99, max } = await runLoad(bench, { ...load, seconds: bench.quick ? 10 : 30 })
  const failed = Object.keys(answers).filter((status) => status !== '200')
  return {
    samples: [p99],
    remark: `${requests} requests, p50 ${short(p50)} ms, slowest ${short(max)} ms`,
    fault: failed.length > 0 ? `there were answers ${failed.join(', ')}` : undefined,
  }
}
