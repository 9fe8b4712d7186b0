import { seededRandom } from '../../../local/cloud/seeded-random.ts'

/** Of ordinary runs, so that a red one is about what has been changed. The soak takes others. */
const USUAL_SEED = 20_261_121

/** The choices of one sweep; SLIPWAY_SWEEP_SEED makes others. */
export interface Choices {
  readonly seed: number
  /** A whole number from `least` to below `end`. */
  between(least: number, end: number): number
  oneOf<T>(from: readonly [T, ...T[]]): T
}

export function choices(): Choices {
  const seed = Number(process.env.SLIPWAY_SWEEP_SEED ?? USUAL_SEED)
  const random = seededRandom(seed)
  const between = (least: number, end: number) => least + Math.floor(random() * (end - least))
  return { seed, between, oneOf: (from) => from[between(0, from.length)] ?? from[0] }
}

/** For who reads the test's result: what would repeat it, and what was done. */
export const tell = (line: string): void => void process.stdout.write(`${line}\n`)
