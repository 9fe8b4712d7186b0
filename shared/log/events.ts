export type LogLevel = 'debug' | 'information' | 'warning' | 'error'

interface EventKind<Fields> {
  readonly level: LogLevel
  /** Names the fields for the compiler; carries nothing. */
  readonly fields?: Fields
}

const event = <Fields>(level: LogLevel): EventKind<Fields> => ({ level })

/**
 * Every event that the app logs: its name, its level and its fields. No field ever holds a secret, a key or a request's body.
 * Add an event here before it is logged.
 */
export const events = {
  /** A bug: its text and stack are for the operator's log and never for the caller. */
  'request-crashed': event<{ endpoint: string; requestId: string; error: string }>('error'),
  'settings-rejected': event<{ settings: string }>('error'),
  'first-key-stored': event<{ keyId: string }>('information'),
  'key-refused': event<{ address: string; endpoint: string }>('warning'),
  'operation-started': event<{ operation: string; kind: string; attempt: number }>('information'),
  'operation-ended': event<{ operation: string; kind: string; state: string; code: string }>('information'),
  /** The orchestration did not start or got lost; the watchdog starts it (again). */
  'operation-restarted': event<{ operation: string; attempt: number; found: string }>('warning'),
  'operation-not-started': event<{ operation: string; error: string }>('warning'),
  'watchdog-failed': event<{ operation: string; error: string }>('error'),
  'operations-purged': event<{ count: number }>('information'),
  'subscription-not-listed': event<{ account: string; problem: string }>('warning'),
  'webhook-failed': event<{ webhook: string; attempt: number; error: string }>('warning'),
  'ledger-entered': event<{ subject: string; resource: string }>('warning'),
  'backup-expired': event<{ backup: string }>('information'),
  'backup-not-expired': event<{ backup: string; error: string }>('warning'),
  'autoscale-failed': event<{ cluster: string; error: string }>('warning'),
  'step-failed': event<{ operation: string; step: string; code: string }>('warning'),
  /** A bug in a check of the preflight; the caller sees none of its text. */
  'check-crashed': event<{ check: string; error: string }>('error'),
  /** A bug in a step kind; the caller sees none of its text. */
  'step-crashed': event<{ operation: string; step: string; error: string }>('error'),
  'retention-run-started': event<{ run: string; trigger: string; attempt: number }>('information'),
  'retention-run-ended': event<{ run: string; state: string; deleted: number; failed: number }>('information'),
  'retention-run-restarted': event<{ run: string; attempt: number; found: string }>('warning'),
  'retention-run-not-started': event<{ registry: string; error: string }>('warning'),
  'retention-memory-not-kept': event<{ run: string; repository: string; error: string }>('warning'),
  'retention-repository-failed': event<{ run: string; repository: string; code: string; error: string }>('warning'),
  'retention-timer-failed': event<{ registry: string; error: string }>('error'),
  'registry-enrolled': event<{ registry: string; name: string }>('information'),
  'registry-retired': event<{ registry: string; name: string }>('warning'),
  'registry-event-refused': event<{ error: string }>('warning'),
} as const

export type Events = { readonly [Name in keyof typeof events]: NonNullable<(typeof events)[Name]['fields']> }
