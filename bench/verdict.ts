import type { Measured, Row } from './row.ts'
import { median } from './statistics.ts'

/** A row after its measurement. */
export interface Verdict extends Pick<Row, 'name' | 'what' | 'unit' | 'budget' | 'better' | 'official'>, Measured {
  readonly measured: number
  /** How much of the budget is used up: 1 is all of it, for both kinds of budget. */
  readonly ratio: number
  readonly met: boolean
  /** Load average of the last minute before the measurement: what else was running. */
  readonly load: number
}

export function judge({ measure: _, ...row }: Row, measurement: Measured, load: number): Verdict {
  const measured = median(measurement.samples)
  const ratio = row.better === 'less' ? measured / row.budget : row.budget / measured
  return { ...row, ...measurement, measured, ratio, met: ratio <= 1 && measurement.fault === undefined, load }
}

/** A row that could not be measured is not met. */
export const failure = (row: Row, fault: string, load: number): Verdict => judge(row, { samples: [], fault }, load)
