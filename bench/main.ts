import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import path from 'node:path'
import { type Bench, createBench } from './bench.ts'
import { type BenchOptions, parseOptions, UsageError } from './options.ts'
import { insertResults, loadLine, markdownTable, textTable } from './report.ts'
import type { Row } from './row.ts'
import { rows } from './rows.ts'
import { failure, judge, type Verdict } from './verdict.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
const RESULTS = path.join(ROOT, '.local/bench.json')
const PAGE = path.join(ROOT, 'docs/benchmarks.md')

const HELP = `Measures what Slipway promises about its speed and size, and says which promises hold.

  npm run bench -- [options]

  --only ROW   this row alone; may be given several times
  --quick      fewer repetitions and shorter loads
  --write      put the table into docs/benchmarks.md
  --help       this text

The results are written to .local/bench.json as well. Exit code 1: a promise is broken.
Rows: ${rows.map(({ name }) => name).join(', ')}
`

const say = (line: string) => void process.stderr.write(`${line}\n`)

async function main(): Promise<void> {
  const names = rows.map(({ name }) => name)
  const options = parseOptions(process.argv.slice(2), names)
  if (!options) {
    process.stdout.write(HELP)
    return
  }
  using bench = createBench({ root: ROOT, quick: options.quick, say })
  const verdicts: Verdict[] = []
  for (const row of rows) if (options.only.length === 0 || options.only.includes(row.name)) verdicts.push(await run(bench, row))
  process.stdout.write(`\n${textTable(verdicts)}\n${loadLine(verdicts, cpus().length)}\n`)
  keep(options, verdicts)
  process.exitCode = verdicts.every(({ met }) => met) ? 0 : 1
}

/** One row that cannot be measured does not keep the others from it. */
async function run(bench: Bench, row: Row): Promise<Verdict> {
  bench.say(`${row.what} …`)
  const [load = 0] = loadavg()
  try {
    return judge(row, await row.measure(bench), load)
  } catch (error) {
    bench.say(`${error instanceof Error ? error.stack : error}`)
    return failure(row, error instanceof Error ? error.message : String(error), load)
  }
}

function keep({ quick, write }: BenchOptions, verdicts: readonly Verdict[]): void {
  const [cpu] = cpus()
  const machine = { cpu: cpu?.model ?? 'unknown', cores: cpus().length, node: process.version, platform: process.platform }
  const on = new Date().toISOString()
  mkdirSync(path.dirname(RESULTS), { recursive: true })
  writeFileSync(RESULTS, `${JSON.stringify({ on, quick, machine, rows: verdicts }, null, 2)}\n`)
  if (!write) return
  const caption = `\`npm run bench -- ${quick ? '--quick ' : ''}--write\` on ${on.slice(0, 10)}, ${machine.cores} × ${machine.cpu}, Node ${machine.node}:`
  writeFileSync(
    PAGE,
    insertResults(readFileSync(PAGE, 'utf8'), `${caption}\n\n${markdownTable(verdicts)}\n${loadLine(verdicts, machine.cores)}\n`),
  )
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
main().catch((error: unknown) => {
  say(error instanceof UsageError ? `${error.message} (--help says more.)` : `${error instanceof Error ? error.stack : error}`)
  process.exitCode = 1
})
