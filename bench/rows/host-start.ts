import path from 'node:path'
import { productApp } from '../app.ts'
import type { Bench } from '../bench.ts'
import { startHost, startStorage } from '../host.ts'
import type { Measured, Row } from '../row.ts'

export const hostStart: Row = {
  name: 'host-start',
  what: 'embedded host: start to ready with the product',
  unit: 's',
  budget: 1.5,
  better: 'less',
  official: 1.7,
  measure,
}

/** Launch of the process to the line that says it is ready; storage runs already, as it does in Azure. */
async function measure(bench: Bench): Promise<Measured> {
  const app = await productApp(bench)
  await using storage = await startStorage(bench)
  const settings = {
    SLIPWAY_FIRST_KEY: `swk_${'b'.repeat(43)}`,
    SLIPWAY_SECRETS_FILE: path.join(bench.scratch(), 'secrets.json'),
  }
  const samples: number[] = []
  for (let run = 0; run < (bench.quick ? 3 : 9); run++) {
    await using host = await startHost(bench, app, storage, settings)
    samples.push(host.readyAfter / 1000)
  }
  return { samples }
}
