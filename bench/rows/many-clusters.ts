import type { Bench } from '../bench.ts'
import { askForCluster } from '../clusters.ts'
import { short } from '../report.ts'
import { residentMemory } from '../resident-memory.ts'
import type { Measured, Row } from '../row.ts'
import { until } from '../wait.ts'
import { startWorld, type World } from '../world.ts'

const CLUSTERS = 200
/** Machines of one: a head, a RonDB node, two workers. */
const MACHINES = 4
/** Seconds until the last one must be running. */
const LIMIT = 900

export const manyClusters: Row = {
  name: 'many-clusters',
  what: "200 clusters provisioned at once: the host's memory at its peak",
  unit: 'MiB',
  budget: 512,
  better: 'less',
  measure,
}

async function measure(bench: Bench): Promise<Measured> {
  await using world = await startWorld(bench)
  const start = performance.now()
  const asked = await Promise.all(Array.from({ length: CLUSTERS }, (_, index) => askForCluster(bench, world, `bench-${index}`)))
  const accepted = (performance.now() - start) / 1000
  let states: ReadonlyMap<string, string> = new Map()
  const ended = await until(
    'every cluster at an end',
    async () => {
      states = await statesOf(world)
      const open = [...states.values()].some((state) => state !== 'running' && state !== 'error')
      return open ? undefined : (performance.now() - start) / 1000
    },
    { everyMs: 1000, seconds: LIMIT },
  )
  const running = asked.filter(({ id }) => states.get(id) === 'running').length
  const machines = await machinesOf(world)
  const isWhole = running === CLUSTERS && machines === CLUSTERS * MACHINES
  return {
    samples: [residentMemory(world.ready.pids.host).peak],
    remark: `all accepted after ${short(accepted)} s, at an end after ${short(ended)} s`,
    fault: isWhole ? undefined : `${running} of ${CLUSTERS} clusters are running, with ${machines} machines`,
  }
}

async function statesOf(world: World): Promise<ReadonlyMap<string, string>> {
  const { clusters } = await world.ask<{ clusters: readonly { id: string; state: string }[] }>('GET', 'clusters')
  return new Map(clusters.map(({ id, state }) => [id, state]))
}

async function machinesOf(world: World): Promise<number> {
  const { resources } = await world.azure<{ resources: readonly { type: string }[] }>('GET', '_slipway/state')
  return resources.filter(({ type }) => type === 'Microsoft.Compute/virtualMachines').length
}
