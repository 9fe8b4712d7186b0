/** What the host tells its log. Never carries a key, a connection string or a request's body. */
export interface HostEvent {
  readonly level: 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical'
  /** `user` for what a handler logs. */
  readonly category: 'user' | 'host'
  /** One sentence. */
  readonly message: string
  /** The function whose invocation this is about. */
  readonly function?: string
  readonly invocationId?: string
  /** What was thrown, when something was. */
  readonly error?: unknown
}

export type Log = (event: HostEvent) => void
