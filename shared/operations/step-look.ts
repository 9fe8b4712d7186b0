import type { Problem } from '../problem.ts'
import type { Seen } from './rhythm.ts'

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
