import type { TypedData } from '../typed-data.ts'
import { EventType, type HistoryEvent } from './history-event.ts'
import type { Instance } from './instance.ts'

/** What an orchestrator function is called with: the history so far and, not played yet, what is new. */
export function orchestrationTrigger(instance: Instance, history: readonly HistoryEvent[]): TypedData {
  const string = JSON.stringify({
    history,
    input: JSON.parse(instance.input),
    instanceId: instance.instanceId,
    isReplaying: history.some((event) => event.EventType === EventType.ExecutionStarted && event.IsPlayed),
    parentInstanceId: instance.parent?.instanceId ?? null,
    upperSchemaVersion: 1,
    upperSchemaVersionNew: 3,
    // The library takes timers beyond the maximum for a chain of shorter ones; one that fires at the final time ends the chain.
    longRunningTimerIntervalDuration: '3.00:00:00',
    maximumShortTimerDuration: '6.00:00:00',
    defaultHttpAsyncRequestSleepTimeMillseconds: 30_000,
  })
  return { string }
}
