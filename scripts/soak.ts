import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { realClock } from '../local/clock.ts'

const HELP = `Kills the host and the simulated Azure at random while clusters are created, stopped, started, upgraded and deleted,
and checks after each step that each resource was made once and that the ledger is right. Then races calls against each other, and lets
clusters live as a model of them has it, with an Azure that refuses things.

  npm run soak -- [options]

  --kills N     kills of each of the two in a round                  (default 100)
  --lives N     lives of clusters, and races on a cluster, in a round         (default 20)
  --minutes N   rounds, each with the next seed, until so much time is over; 0: one round   (default 0)
  --seed N      of the first round                                   (default: any)
  --help        this text
`

const MINUTE_MS = 60_000
const SWEEPS = ['test/e2e/crash', 'test/e2e/upgrades/crash', 'test/e2e/upgrades/soak', 'test/e2e/races', 'test/e2e/model']

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    lives: { type: 'string', default: '20' },
    minutes: { type: 'string', default: '0' },
    seed: { type: 'string', default: `${randomInt(1e9)}` },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) process.stdout.write(HELP)
else soak(number('kills', values.kills), number('lives', values.lives), number('minutes', values.minutes), number('seed', values.seed))

/** The tests are the sweep: one round is one run of them. Stops at the first that fails, whose seed it has told. */
function soak(kills: number, lives: number, minutes: number, firstSeed: number): void {
  const end = realClock.now() + minutes * MINUTE_MS
  for (let seed = firstSeed; ; seed++) {
    const env = {
      ...process.env,
      SLIPWAY_SWEEP_SEED: `${seed}`,
      SLIPWAY_SWEEP_KILLS: `${kills}`,
      SLIPWAY_MODEL_LIVES: `${lives}`,
      SLIPWAY_RACE_ROUNDS: `${lives}`,
    }
    const { status } = spawnSync('jest', SWEEPS, { env, stdio: 'inherit' })
    if (status !== 0) process.exitCode = 1
    if (status !== 0 || realClock.now() >= end) return
  }
}

function number(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  process.stderr.write(`--${name} takes a whole number, not "${text}".\n`)
  process.exit(1)
}
