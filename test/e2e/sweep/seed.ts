import { seededRandom } from '../../../local/cloud/seeded-random.ts'

/** The choices of one sweep. Another seed at every run; SLIPWAY_SWEEP_SEED repeats one. */
export interface Choices {
  readonly seed: number
  /** A whole number from `least` to below `end`. */
  between(least: number, end: number): number
  oneOf<T>(from: readonly [T, ...T[]]): T
}

export function choices(): Choices {
  const given = process.env.SLIPWAY_SWEEP_SEED
  const seed = given === undefined ? Math.floor(Math.random() * 1e9) : Number(given)
  const random = seededRandom(seed)
  const between = (least: number, end: number) => least + Math.floor(random() * (end - least))
  return { seed, between, oneOf: (from) => from[between(0, from.length)] ?? from[0] }
}

/** For who reads the test's result: what would repeat it, and what was done. */
export const tell = (line: string): void => void process.stdout.write(`${line}\n`)
