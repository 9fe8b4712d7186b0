/** Every reason for which something can fail, wherever it came from. Stable: callers and tests match on it. */
export type ProblemCode =
  | 'permission'
  | 'quota'
  | 'capacity'
  | 'conflict'
  | 'throttled'
  | 'transient'
  | 'invalid'
  | 'not-found'
  | 'stuck'
  | 'cancelled'
  | 'unauthenticated'
  | 'forbidden'
  | 'too-large'
  | 'rate-limited'
  | 'unsupported'
  | 'unknown'

/** What went wrong, as it is stored, shown and acted on. Holds no secret, no stack and no bare percent sign in `message`. */
export interface Problem {
  readonly code: ProblemCode
  /** One or two sentences for the person who has to act. */
  readonly message: string
  /** What fixes it, often an `az` command. */
  readonly remedy?: string
  /** The request's field at fault (JSON path, e.g. `cluster.name`). */
  readonly field?: string
  /** The Azure action that the caller's role lacks, and where. */
  readonly action?: string
  readonly scope?: string
  /** Azure's own error code and the resource concerned. */
  readonly azureCode?: string
  readonly resource?: string
  /** Whether the same call can succeed later without anybody changing anything. */
  readonly retryable: boolean
  /** Seconds to wait before a retry, where the other side said so. */
  readonly retryAfter?: number
}

/** The one error class that our code throws on purpose. Everything else is a bug and is shown as `unknown` without its text. */
export class ProblemError extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.message)
    this.name = 'ProblemError'
    this.problem = problem
  }
}

/** Throws: a request that cannot be right. `field` is the JSON path, the message says what is allowed. */
export function invalid(field: string, message: string): never {
  throw new ProblemError({ code: 'invalid', field, message: `${field}: ${message}`, retryable: false })
}
