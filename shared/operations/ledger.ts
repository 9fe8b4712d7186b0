export const ledgerStates = ['intended', 'created', 'gone'] as const
export type LedgerState = (typeof ledgerStates)[number]

export interface LedgerEntry {
  /** ARM id as it was asked for; compared without regard to case. */
  readonly armId: string
  readonly state: LedgerState
  /** The operation that wrote it first. */
  readonly operationId: string
  /** When it came into this state, epoch seconds. */
  readonly since: number
}

/** Every Azure resource that we made or meant to make for one cluster. Nothing is created before it is written here. */
export interface Ledger {
  intend(armId: string): Promise<void>
  created(armId: string): Promise<void>
  gone(armId: string): Promise<void>
  list(): Promise<readonly LedgerEntry[]>
}
