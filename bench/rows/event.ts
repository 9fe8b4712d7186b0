import type { Bench } from '../bench.ts'
import { durableOf } from '../durable.ts'
import { withProbe } from '../host.ts'
import type { Measured, Row } from '../row.ts'

export const event: Row = {
  name: 'event',
  what: 'embedded host: raised event to completed orchestration',
  unit: 'ms',
  budget: 30,
  better: 'less',
  official: 38,
  measure,
}

/** The first ones find nothing compiled and no connection open. */
const WARM_UP = 5

/** From the call that raises the event until the status says Completed, asked every millisecond. */
function measure(bench: Bench): Promise<Measured> {
  return withProbe(bench, async ({ ready }) => {
    const durable = durableOf(ready.url)
    const samples: number[] = []
    for (let run = 0; run < WARM_UP + (bench.quick ? 10 : 40); run++) {
      const id = await durable.start('wait')
      await durable.reach(id, 'Running', 1)
      const start = performance.now()
      await durable.raise(id, 'go')
      await durable.reach(id, 'Completed', 1)
      samples.push(performance.now() - start)
    }
    return { samples: samples.slice(WARM_UP) }
  })
}
