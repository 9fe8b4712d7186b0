import type { Bench } from '../bench.ts'
import { withProbe } from '../host.ts'
import { residentMemory } from '../resident-memory.ts'
import type { Measured, Row } from '../row.ts'
import { pause } from '../wait.ts'

export const idleMemory: Row = {
  name: 'idle-memory',
  what: 'embedded host: memory when idle',
  unit: 'MiB',
  budget: 200,
  better: 'less',
  official: 317,
  measure,
}

/** What the start needed is given back by then. */
const SETTLE_MS = 5000

function measure(bench: Bench): Promise<Measured> {
  return withProbe(bench, async ({ pid }) => {
    await pause(SETTLE_MS)
    return { samples: [residentMemory(pid).now] }
  })
}
