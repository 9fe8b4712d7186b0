import { latencies } from '../local/cloud/latencies.ts'
import { parseOptions } from '../local/start/options.ts'
import { type AzureOperation, azureTime, HEAD_LATENCIES, type PlanStep } from './azure-time.ts'
import type { Bench } from './bench.ts'
import { askForCluster, untilRunning } from './clusters.ts'
import type { PlanNode } from './critical-path.ts'
import { short } from './report.ts'
import type { Measured } from './row.ts'
import { startWorld, type World } from './world.ts'

/** Longest that a creation is waited for, seconds. */
const LIMIT = 300

/** Creates clusters one after the other, at the speed of `npm start`: from the request until the cluster shows as running, by Azure's share of it. */
export async function measureProvisioning(bench: Bench, workers: number, runs: number): Promise<Measured> {
  await using world = await startWorld(bench)
  await pinHeads(world)
  const samples: number[] = []
  const seen: string[] = []
  for (let run = 0; run < runs; run++) {
    const start = performance.now()
    const { id, operation } = await askForCluster(bench, world, `bench-${run}`, workers)
    await untilRunning(world, id, LIMIT)
    const makespan = (performance.now() - start) / 1000
    const azure = await timeOf(world, operation)
    samples.push(makespan / azure)
    seen.push(`${short(makespan)} s of which Azure ${short(azure)} s`)
  }
  return { samples, remark: seen.join(', ') }
}

/** What goes on inside a machine is not shown by Azure, so it is told how long it takes: the usual time, without its spread. */
const pinHeads = (world: World): Promise<unknown> =>
  world.azure('PUT', '_slipway/latencies', Object.fromEntries(HEAD_LATENCIES.map((name) => [name, latencies[name].typical])))

async function timeOf(world: World, id: string): Promise<number> {
  const [{ operation }, { operations }] = await Promise.all([
    world.ask<{ operation: { steps: PlanNode<PlanStep> } }>('GET', `operations/${id}`),
    world.azure<{ operations: readonly AzureOperation[] }>('GET', '_slipway/state'),
  ])
  return azureTime({ plan: operation.steps, operations, speed: parseOptions([])?.speed ?? 1 })
}
