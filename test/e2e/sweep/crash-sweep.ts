import { discard, type Part, startLocalWorld } from '../../world.ts'
import { Api } from '../api.ts'
import { openBooks } from './books.ts'
import { insist } from './insist.ts'
import { journey, type Phase } from './journey.ts'
import { kill } from './killer.ts'
import { choices, tell } from './seed.ts'

/** Lives of clusters side by side. */
const LANES = 3
/** Kills in the standard test run; `npm run soak` asks for more. */
const KILLS = Number(process.env.SLIPWAY_SWEEP_KILLS ?? 26)
/** Each kill takes a second or two, and what the last one has broken off still has to end. */
export const CRASH_SWEEP_MS = 120_000 + KILLS * 5000

/** Clusters live from creation to deletion while `parts` are killed again and again. */
export async function crashSweep(...parts: readonly [Part, ...Part[]]): Promise<void> {
  const chosen = choices()
  const title = `crash sweep of ${parts.join(' and ')}, SLIPWAY_SWEEP_SEED=${chosen.seed} SLIPWAY_SWEEP_KILLS=${KILLS}`
  const world = await startLocalWorld('--speed', '200', '--seed', `${chosen.seed}`)
  const phases = new Map<string, Phase>()
  const kills: string[] = []
  let ended = false
  try {
    const books = await openBooks({ state: () => insist(`${world.azure}/_slipway/state`), storage: world.storage })
    const sweep = { api: new Api(world), books, enter: (cluster: string, phase: Phase) => void phases.set(cluster, phase) }
    const lane = async (number: number) => {
      for (let life = 0; life === 0 || kills.length < KILLS; life++) {
        const name = `lane${number}-${life}`
        await journey(sweep, name)
        phases.delete(name)
      }
    }
    const lanes = Array.from({ length: LANES }, (_, number) => lane(number))
    await Promise.all([...lanes, kill(world, chosen, KILLS, parts, (told) => kills.push(`${told} at ${[...phases.values()].join(', ')}`))])
    ended = true
  } finally {
    tell(ended ? `${title}: ${kills.length} kills, all ended as asked` : `${title}: failed after\n  ${kills.join('\n  ')}`)
    await discard(world)
  }
}
