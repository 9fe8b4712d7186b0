import type { Bench } from '../bench.ts'
import { withProbe } from '../host.ts'
import { runLoad } from '../load/run-load.ts'
import { short } from '../report.ts'
import type { Measured, Row } from '../row.ts'

export const http: Row = {
  name: 'http',
  what: 'embedded host: HTTP over 32 connections',
  unit: '/s',
  budget: 3000,
  better: 'more',
  official: 2300,
  measure,
}

function measure(bench: Bench): Promise<Measured> {
  return withProbe(bench, async ({ ready }) => {
    const load = { url: `${ready.url}/api/ping`, headers: {}, connections: 32, seconds: bench.quick ? 2 : 5 }
    await runLoad(bench, { ...load, seconds: 2 })
    const outcomes = []
    for (let run = 0; run < 3; run++) outcomes.push(await runLoad(bench, load))
    const failed = outcomes.flatMap(({ answers }) => Object.keys(answers)).find((status) => status !== '200')
    const latencies = outcomes.map(({ p50, p99 }) => `${short(p50)} / ${short(p99)} ms`)
    return {
      samples: outcomes.map(({ perSecond }) => perSecond),
      remark: `p50 / p99 ${latencies.join(', ')}`,
      fault: failed && `an answer was ${failed}`,
    }
  })
}
