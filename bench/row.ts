import type { Bench } from './bench.ts'

export type Unit = 's' | 'ms' | 'MB' | 'MiB' | '/s' | '×'

/** One line of the table: something that is measured, and what it may be at worst. */
export interface Row {
  /** For `--only`. */
  readonly name: string
  readonly what: string
  readonly unit: Unit
  readonly budget: number
  /** Which side of the budget is the good one. */
  readonly better: 'less' | 'more'
  /** What the official Functions host needed for the same on the same kind of machine. */
  readonly official?: number
  measure(bench: Bench): Promise<Measured>
}

export interface Measured {
  /** In the row's unit, one a repetition; their median counts. */
  readonly samples: readonly number[]
  /** What else was seen, for the reader. */
  readonly remark?: string
  /** What must not happen and did: the row is not met then, whatever was measured. */
  readonly fault?: string | undefined
}
