/** What an orchestrator asks for, as durable-functions numbers it. */
export const ActionType = {
  CallActivity: 0,
  CallActivityWithRetry: 1,
  CallSubOrchestrator: 2,
  CallSubOrchestratorWithRetry: 3,
  ContinueAsNew: 4,
  CreateTimer: 5,
  WaitForExternalEvent: 6,
  CallEntity: 7,
  CallHttp: 8,
  SignalEntity: 9,
  ScheduledSignalEntity: 10,
  WhenAny: 11,
  WhenAll: 12,
  LockEntities: 13,
  ReleaseEntities: 14,
} as const

type Type = typeof ActionType

/** Intervals in milliseconds. */
export interface TaskRetryOptions {
  readonly firstRetryIntervalInMilliseconds: number
  readonly maxNumberOfAttempts: number
  readonly backoffCoefficient?: number
  readonly maxRetryIntervalInMilliseconds?: number
  readonly retryTimeoutInMilliseconds?: number
}

export interface CallActivity {
  readonly actionType: Type['CallActivity']
  readonly functionName: string
  /** The library has made JSON text of strings, nothing else. */
  readonly input?: unknown
}

export interface CallSubOrchestrator {
  readonly actionType: Type['CallSubOrchestrator']
  readonly functionName: string
  readonly instanceId?: string
  readonly version?: string
  readonly input?: unknown
}

export interface CreateTimer {
  readonly actionType: Type['CreateTimer']
  readonly fireAt: string
  /** Also set on a timer that was called off long after it was created: the library sends its actions anew each time. */
  readonly isCanceled?: boolean
}

type WithRetry<Call, Retrying> = Omit<Call, 'actionType'> & { readonly actionType: Retrying; readonly retryOptions: TaskRetryOptions }

/** What this host does not do, by the name of the orchestrator's call. */
export const unsupportedCalls: Readonly<Record<number, string>> = {
  [ActionType.CallEntity]: 'callEntity',
  [ActionType.CallHttp]: 'callHttp',
  [ActionType.SignalEntity]: 'signalEntity',
  [ActionType.ScheduledSignalEntity]: 'signalEntity',
  [ActionType.LockEntities]: 'lock',
  [ActionType.ReleaseEntities]: 'lock',
}

export type Action =
  | CallActivity
  | WithRetry<CallActivity, Type['CallActivityWithRetry']>
  | CallSubOrchestrator
  | WithRetry<CallSubOrchestrator, Type['CallSubOrchestratorWithRetry']>
  | CreateTimer
  | { readonly actionType: Type['ContinueAsNew']; readonly input?: unknown }
  | { readonly actionType: Type['WaitForExternalEvent']; readonly externalEventName: string }
  | { readonly actionType: Type['WhenAny'] | Type['WhenAll']; readonly compoundActions: readonly Action[] }
