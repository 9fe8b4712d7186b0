import { until } from '../../until.ts'
import type { LocalWorld, Part } from '../../world.ts'
import type { Choices } from './seed.ts'

/** Milliseconds between two kills: from the middle of a start to well into an operation. */
const SHORTEST_LIFE = 100
const LONGEST_LIFE = 2500

/** Kills parts of a world one after the other, and tells each kill before it comes. */
export async function kill(
  world: LocalWorld,
  { between, oneOf }: Choices,
  times: number,
  parts: readonly [Part, ...Part[]],
  told: (kill: string) => void,
): Promise<void> {
  for (let count = 0; count < times; count++) {
    const part = oneOf(parts)
    const life = between(SHORTEST_LIFE, LONGEST_LIFE)
    await new Promise((resolve) => setTimeout(resolve, life))
    const pid = world.pid(part)
    told(`${part} after ${life} ms`)
    process.kill(pid, 'SIGKILL')
    await until(() => world.pid(part) !== pid)
  }
}
