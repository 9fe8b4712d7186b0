import { EventType, endedId, type HistoryEvent, isScheduled, type ScheduledEvent } from './history-event.ts'

const nameOf = new Map<number, string>(Object.entries(EventType).map(([name, number]) => [number, name]))

/** The history as a caller sees it: what was scheduled is told with its end, bookkeeping is left out. */
export function historyView(history: readonly HistoryEvent[], withOutput: boolean): Record<string, unknown>[] {
  const scheduled = new Map(history.filter(isScheduled).map((event) => [event.EventId, event]))
  const ended = new Set(history.map(endedId))
  return history.filter((event) => isShown(event, ended)).map((event) => view(event, scheduled, withOutput))
}

function isShown(event: HistoryEvent, ended: ReadonlySet<number | undefined>): boolean {
  switch (event.EventType) {
    case EventType.OrchestratorStarted:
    case EventType.OrchestratorCompleted:
      return false
    case EventType.TaskScheduled:
    case EventType.SubOrchestrationInstanceCreated:
      return !ended.has(event.EventId)
    default:
      return true
  }
}

function view(event: HistoryEvent, scheduled: ReadonlyMap<number, ScheduledEvent>, withOutput: boolean): Record<string, unknown> {
  const common = { EventType: nameOf.get(event.EventType), Timestamp: event.Timestamp }
  switch (event.EventType) {
    case EventType.ExecutionStarted:
      return { ...common, FunctionName: event.Name, Input: event.Input }
    case EventType.ExecutionCompleted:
      return { ...common, OrchestrationStatus: event.OrchestrationStatus, FailureDetails: null, ...result(event.Result, withOutput) }
    case EventType.ExecutionTerminated:
      return { ...common, Input: event.Input }
    case EventType.ExecutionSuspended:
    case EventType.ExecutionResumed:
      return { ...common, Reason: event.Reason }
    case EventType.EventRaised:
      return { ...common, Name: event.Name, Input: event.Input }
    case EventType.TaskScheduled:
      return { ...common, FunctionName: event.Name }
    case EventType.SubOrchestrationInstanceCreated:
      return { ...common, FunctionName: event.Name, InstanceId: event.InstanceId }
    case EventType.TaskCompleted:
    case EventType.SubOrchestrationInstanceCompleted:
      return { ...common, ...begun(scheduled.get(event.TaskScheduledId)), ...result(event.Result, withOutput) }
    case EventType.TaskFailed:
    case EventType.SubOrchestrationInstanceFailed: {
      const { Reason, Details } = event
      return { ...common, ...begun(scheduled.get(event.TaskScheduledId)), Reason, Details, FailureDetails: null }
    }
    case EventType.TimerCreated:
    case EventType.TimerFired:
      return { ...common, FireAt: event.FireAt }
    default:
      return common
  }
}

/** Input is null: the official host does not read the inputs of tasks back either. */
function begun(event: ScheduledEvent | undefined): Record<string, unknown> {
  if (!event || event.EventType === EventType.TimerCreated) return {}
  const child = event.EventType === EventType.SubOrchestrationInstanceCreated ? { InstanceId: event.InstanceId } : {}
  return { ScheduledTime: event.Timestamp, FunctionName: event.Name, ...child, Input: null }
}

const result = (text: string | null, withOutput: boolean) => (withOutput ? { Result: text === null ? null : JSON.parse(text) } : {})
