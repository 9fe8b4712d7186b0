/** Requests to send to one address, always the same one. */
export interface Load {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Kept alive. */
  readonly connections: number
  readonly seconds: number
  /** Requests a second, sent whether earlier ones are answered or not. Absent: each connection sends when its last one is answered. */
  readonly rate?: number
}

/** What came of it; latencies in milliseconds. */
export interface LoadOutcome {
  readonly requests: number
  readonly perSecond: number
  /** By status; `cut` where the connection was. */
  readonly answers: Readonly<Record<string, number>>
  readonly p50: number
  readonly p99: number
  readonly max: number
  /** Longest that the sender itself was kept from running: a sign of a busy machine, not of a slow server. */
  readonly heldUp: number
}
