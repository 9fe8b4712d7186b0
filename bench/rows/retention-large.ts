import type { Bench } from '../bench.ts'
import { withRegistries } from '../registries.ts'
import { short } from '../report.ts'
import { residentMemory } from '../resident-memory.ts'
import type { Measured, Row } from '../row.ts'
import { pause, until } from '../wait.ts'

/** Of the Docker types, which refer to nothing: bodies are read at the registry's limit, which would be measured otherwise. */
const MANIFESTS = 100_000

export const retentionLarge: Row = {
  name: 'retention-large',
  what: "retention: 100,000 manifests in one repository, killed on the way: the host's memory at its peak",
  unit: 'MiB',
  budget: 768,
  better: 'less',
  measure,
}

function measure(bench: Bench): Promise<Measured> {
  return withRegistries(bench, {}, async (world) => {
    const registry = await world.registry('large')
    await registry.seed([
      {
        name: 'app',
        groups: [
          { count: 1000, tag: 'v', format: 'docker' },
          { count: MANIFESTS - 1000, format: 'docker' },
        ],
      },
    ])
    const start = performance.now()
    const run = await registry.start()
    const deleting = (from: number) =>
      until('deletions', async () => ((await world.deletes()) > from ? true : undefined), { everyMs: 50, seconds: 300 })
    await deleting(0)
    const first = (performance.now() - start) / 1000
    await pause(2000)
    await world.restartHost()
    const killed = performance.now()
    await deleting(await world.deletes())
    const resumed = (performance.now() - killed) / 1000
    await pause(bench.quick ? 5_000 : 20_000)
    const { peak } = residentMemory(world.host().pid)
    return {
      samples: [peak],
      remark: `first deletion after ${short(first)} s; after the kill it went on within ${short(resumed)} s (run ${run.slice(0, 8)})`,
    }
  })
}

/** Deletions a minute while the registry lets 500 through, as a part of those 500. */
export const retentionThrottled: Row = {
  name: 'retention-throttled',
  what: 'retention: rate at a registry that lets 500 deletions a minute through, of that limit',
  unit: '×',
  budget: 0.97,
  better: 'more',
  measure: (bench) =>
    withRegistries(bench, {}, async (world) => {
      const registry = await world.registry('throttled', 'Standard')
      await registry.knobs({ callsPerMinute: { delete: 500, read: 1_000_000 } })
      await registry.seed([{ name: 'app', groups: [{ count: 10, tag: 'v' }, { count: 1500 }] }])
      await registry.start()
      await until('the burst', async () => ((await world.deletes()) >= 490 ? true : undefined), { everyMs: 20, seconds: 60 })
      const [before, start] = [await world.deletes(), performance.now()]
      await pause(bench.quick ? 30_000 : 90_000)
      const perMinute = ((await world.deletes()) - before) / ((performance.now() - start) / 60_000)
      return { samples: [perMinute / 500], remark: `${short(perMinute)} a minute after the burst` }
    }),
}
