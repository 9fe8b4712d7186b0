import type { Problem } from '../problem.ts'
import type { StepRecord } from './step-record.ts'

/** What the executor hands itself from one look at a step to the next. */
export interface Seen {
  /** As it was stored: a look need not read it. */
  readonly record: StepRecord
  /** Whether `begin` has gone through; until then it is repeated. */
  readonly begun: boolean
  /** When Azure may be asked again, epoch milliseconds. */
  readonly due: number
  /** Errors in a row that are waited out. */
  readonly tries: number
  /** Milliseconds that count against the deadline, and since when more do, epoch milliseconds. */
  readonly watched: number
  readonly watchedFrom: number
}

/** What an orchestration asks about a step. `seen` comes from the answer before; absent: the first time. */
export interface StepQuestion {
  readonly operation: string
  readonly attempt: number
  readonly step: string
  readonly seen?: Seen
}

/** How the step is. `nap`: seconds until the next question. */
export type StepLook =
  | { readonly state: 'done' }
  | { readonly state: 'pending'; readonly nap: number; readonly seen: Seen }
  | { readonly state: 'failed'; readonly step: string; readonly problem: Problem }
  | { readonly state: 'cancelled' }
