import type { Bench } from '../bench.ts'
import type { Measured, Row } from '../row.ts'
import { startWorld } from '../world.ts'

export const worldStart: Row = {
  name: 'world-start',
  what: 'npm start: everything ready, the first time',
  unit: 's',
  budget: 10,
  better: 'less',
  measure,
}

/** In an empty folder: the bundle is built, keys and certificates are made, nothing is there to go on with. */
async function measure(bench: Bench): Promise<Measured> {
  const samples: number[] = []
  for (let run = 0; run < (bench.quick ? 2 : 5); run++) {
    await using world = await startWorld(bench)
    samples.push(world.readyAfter / 1000)
  }
  return { samples }
}
