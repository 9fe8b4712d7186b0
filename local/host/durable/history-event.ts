/** The Durable Task history, in the words and numbers in which durable-functions reads it. */
export const EventType = {
  ExecutionStarted: 0,
  ExecutionCompleted: 1,
  ExecutionTerminated: 3,
  TaskScheduled: 4,
  TaskCompleted: 5,
  TaskFailed: 6,
  SubOrchestrationInstanceCreated: 7,
  SubOrchestrationInstanceCompleted: 8,
  SubOrchestrationInstanceFailed: 9,
  TimerCreated: 10,
  TimerFired: 11,
  OrchestratorStarted: 12,
  OrchestratorCompleted: 13,
  EventRaised: 15,
  ExecutionSuspended: 19,
  ExecutionResumed: 20,
} as const

type Type = typeof EventType

interface Stamp {
  /** Sequence number of what the orchestrator scheduled; -1 on everything else. */
  readonly EventId: number
  /** False only while the event is new to the orchestrator. */
  readonly IsPlayed: boolean
  readonly Timestamp: string
}

export interface ExecutionStarted extends Stamp {
  readonly EventType: Type['ExecutionStarted']
  readonly Name: string
  readonly Version: string
  /** JSON text. */
  readonly Input: string
  readonly OrchestrationInstance: { readonly InstanceId: string; readonly ExecutionId: string }
  readonly ParentInstance: {
    readonly Name: string
    readonly OrchestrationInstance: { readonly InstanceId: string; readonly ExecutionId: string }
    readonly TaskScheduleId: number
  } | null
  readonly Tags: null
}

export interface ExecutionCompleted extends Stamp {
  readonly EventType: Type['ExecutionCompleted']
  readonly OrchestrationStatus: 'Completed' | 'Failed' | 'Terminated'
  /** JSON text. */
  readonly Result: string | null
}

export interface ExecutionTerminated extends Stamp {
  readonly EventType: Type['ExecutionTerminated']
  /** The reason. */
  readonly Input: string
}

export interface TaskScheduled extends Stamp {
  readonly EventType: Type['TaskScheduled']
  readonly Name: string
  readonly Version: string
  /** JSON text of an array with the one argument. */
  readonly Input: string
  /** The activity's retry timeout is over: this attempt fails with this reason without being run (our own addition). */
  readonly Expired?: string
}

export interface SubOrchestrationInstanceCreated extends Stamp {
  readonly EventType: Type['SubOrchestrationInstanceCreated']
  readonly Name: string
  readonly Version: string
  readonly InstanceId: string
  /** JSON text. */
  readonly Input: string
  /** As TaskScheduled.Expired. */
  readonly Expired?: string
}

export interface TaskCompleted extends Stamp {
  readonly EventType: Type['TaskCompleted'] | Type['SubOrchestrationInstanceCompleted']
  readonly TaskScheduledId: number
  /** JSON text or null, never absent: the library parses it unseen. */
  readonly Result: string | null
}

export interface TaskFailed extends Stamp {
  readonly EventType: Type['TaskFailed'] | Type['SubOrchestrationInstanceFailed']
  readonly TaskScheduledId: number
  readonly Reason: string
  readonly Details: string
}

export interface TimerCreated extends Stamp {
  readonly EventType: Type['TimerCreated']
  readonly FireAt: string
  /** Called off by the orchestrator, so it never fires (our own addition). */
  readonly IsCanceled?: true
}

export interface TimerFired extends Stamp {
  readonly EventType: Type['TimerFired']
  readonly TimerId: number
  readonly FireAt: string
}

export interface EventRaised extends Stamp {
  readonly EventType: Type['EventRaised']
  readonly Name: string
  /** JSON text. */
  readonly Input: string | null
}

export interface ExecutionPaused extends Stamp {
  readonly EventType: Type['ExecutionSuspended'] | Type['ExecutionResumed']
  readonly Reason: string
}

/** Begins an episode: its time is what the orchestrator reads as the current time. */
export interface OrchestratorStarted extends Stamp {
  readonly EventType: Type['OrchestratorStarted']
}

/** Ends an episode. */
export interface OrchestratorCompleted extends Stamp {
  readonly EventType: Type['OrchestratorCompleted']
  /** How many actions the orchestrator had asked for by then (our own addition, see simulate). */
  readonly Actions: number
}

/** What an orchestrator has set going, under its sequence number. */
export type ScheduledEvent = TaskScheduled | SubOrchestrationInstanceCreated | TimerCreated
/** What ends a scheduled event. */
export type EndingEvent = TaskCompleted | TaskFailed | TimerFired
export type HistoryEvent =
  | ExecutionStarted
  | ExecutionCompleted
  | ExecutionTerminated
  | ExecutionPaused
  | OrchestratorStarted
  | OrchestratorCompleted
  | EventRaised
  | ScheduledEvent
  | EndingEvent

export function isScheduled(event: HistoryEvent): event is ScheduledEvent {
  return (
    event.EventType === EventType.TaskScheduled ||
    event.EventType === EventType.TimerCreated ||
    event.EventType === EventType.SubOrchestrationInstanceCreated
  )
}

/** The sequence number that an event ends; undefined for all that end nothing. */
export function endedId(event: HistoryEvent): number | undefined {
  switch (event.EventType) {
    case EventType.TaskCompleted:
    case EventType.TaskFailed:
    case EventType.SubOrchestrationInstanceCompleted:
    case EventType.SubOrchestrationInstanceFailed:
      return event.TaskScheduledId
    case EventType.TimerFired:
      return event.TimerId
    default:
      return undefined
  }
}

/** A history event in the making: EventId -1 unless it says otherwise, and not played yet. */
export function stamp(now: number): { readonly EventId: -1; readonly IsPlayed: false; readonly Timestamp: string } {
  return { EventId: -1, IsPlayed: false, Timestamp: new Date(now).toISOString() }
}
