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
  'request-answered': event<{ endpoint: string; status: number; milliseconds: number; caller: string; requestId: string }>('information'),
  /** A bug: its text and stack are for the operator's log and never for the caller. */
  'request-crashed': event<{ endpoint: string; requestId: string; error: string }>('error'),
  'settings-rejected': event<{ settings: string }>('error'),
  'first-key-stored': event<{ keyId: string }>('information'),
  'key-refused': event<{ address: string; endpoint: string }>('warning'),
} as const

export type Events = { readonly [Name in keyof typeof events]: NonNullable<(typeof events)[Name]['fields']> }
