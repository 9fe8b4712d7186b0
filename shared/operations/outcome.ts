import type { Problem } from '../problem.ts'

/** What one look at a step says. */
export type Look =
  | { readonly state: 'done' }
  /** Not yet: look again after so many seconds (absent: the executor's own rhythm for the step). */
  | { readonly state: 'pending'; readonly retryAfter?: number; readonly note?: string }
  | { readonly state: 'failed'; readonly problem: Problem }

export const done = (): Look => ({ state: 'done' })
export const pending = (options: { retryAfter?: number; note?: string } = {}): Look => ({ state: 'pending', ...options })
export const failed = (problem: Problem): Look => ({ state: 'failed', problem })

/** How a node of a plan ended. Children return this and do not throw, so that siblings settle first. */
export type Outcome =
  | { readonly state: 'done' }
  | { readonly state: 'failed'; readonly step: string; readonly problem: Problem }
  | { readonly state: 'cancelled' }
