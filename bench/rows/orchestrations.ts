import type { Bench } from '../bench.ts'
import { durableOf } from '../durable.ts'
import { withProbe } from '../host.ts'
import type { Measured, Row } from '../row.ts'

export const orchestrations: Row = {
  name: 'orchestrations',
  what: 'embedded host: 50 orchestrations of three activities at once',
  unit: 's',
  budget: 1.5,
  better: 'less',
  official: 3,
  measure,
}

/** Milliseconds between two questions: seldom enough not to be a load of its own. */
const ASK_EVERY = 10

/** From the first start to the end of the last one. */
function measure(bench: Bench): Promise<Measured> {
  return withProbe(bench, async ({ ready }) => {
    const durable = durableOf(ready.url)
    const fifty = async () => {
      const start = performance.now()
      const ids = await Promise.all(Array.from({ length: 50 }, () => durable.start('chain')))
      for (const id of ids) await durable.reach(id, 'Completed', ASK_EVERY)
      return (performance.now() - start) / 1000
    }
    await fifty()
    const samples: number[] = []
    for (let run = 0; run < (bench.quick ? 3 : 7); run++) samples.push(await fifty())
    return { samples }
  })
}
