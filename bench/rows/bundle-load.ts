import { execFileSync } from 'node:child_process'
import { productApp } from '../app.ts'
import type { Bench } from '../bench.ts'
import type { Measured, Row } from '../row.ts'

export const bundleLoad: Row = {
  name: 'bundle-load',
  what: 'bundle: load time',
  unit: 'ms',
  budget: 400,
  better: 'less',
  measure,
}

const LOAD = `const start = performance.now()
require(process.argv[1])
process.stdout.write('\\n' + (performance.now() - start))`

/** Each time in a new process: the second time nothing is loaded. Without a host around it the bundle registers nothing, and says so. */
async function measure(bench: Bench): Promise<Measured> {
  const { main } = await productApp(bench)
  const samples: number[] = []
  for (let run = 0; run < (bench.quick ? 5 : 15); run++) {
    const said = execFileSync(process.execPath, ['-e', LOAD, main], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    samples.push(Number(said.split('\n').at(-1)))
  }
  return { samples }
}
