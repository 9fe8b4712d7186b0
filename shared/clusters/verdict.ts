import type { ProblemCode } from '../problem.ts'
import type { ClusterState } from './cluster-state.ts'
import type { Standing } from './transitions.ts'

export type Verdict =
  /** The state that the mutation switches to before it is answered: the caller's first poll must see it. */
  | { readonly allowed: true; readonly enters: ClusterState }
  | { readonly allowed: false; readonly reason: string; readonly remedy?: string; readonly code: ProblemCode; readonly retryable: boolean }

export const refuse = (reason: string, remedy?: string, code: ProblemCode = 'invalid'): Verdict => ({
  allowed: false,
  reason,
  ...(remedy && { remedy }),
  code,
  retryable: false,
})

/** A cluster runs on while it is backed up: its state would not tell what is in the way. */
export const BACK_UP = 'backup-cluster'

/** Something goes on that will end. */
export const busy = ({ state, busyWith }: Pick<Standing, 'state' | 'busyWith'>): Verdict => ({
  allowed: false,
  reason: `cluster is ${busyWith === BACK_UP ? 'being backed up' : state}`,
  remedy: 'Wait for the running operation to end, or cancel it.',
  code: 'conflict',
  retryable: true,
})
