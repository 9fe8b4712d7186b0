import { randomUUID } from 'node:crypto'
import { ActionType } from './action.ts'
import { EventType, type ExecutionCompleted, endedId, type HistoryEvent, isScheduled, type ScheduledEvent, stamp } from './history-event.ts'
import { executionStarted, type Instance, isEnded, outstanding } from './instance.ts'
import { failed, messageOf, type OrchestratorResult } from './orchestrator-result.ts'
import { type Command, oneMessageAtATime, type Simulation, simulate } from './simulate.ts'

/** Runs the orchestrator function over a history whose last events are new. Never rejects. */
export type Replay = (instance: Instance, history: readonly HistoryEvent[]) => Promise<OrchestratorResult>

/** Each episode replays and saves the whole history, so its length must have an end. */
const MOST_EVENTS = 20_000
/** UTF-16 code units, 16 KiB, as the official host. */
const LONGEST_CUSTOM_STATUS = 8 * 1024

export const isRunnable = (instance: Instance): boolean =>
  !isEnded(instance) && instance.status !== 'Suspended' && instance.inbox.length > 0

/** The instance after messages have arrived, or itself if they change nothing: those to the orchestrator wait in its inbox, those about it work at once. */
export function receive(instance: Instance, messages: readonly HistoryEvent[], now: number): Instance {
  const awaited = outstanding(instance)
  let next = { ...instance, lastUpdatedTime: now }
  for (const message of messages) {
    switch (message.EventType) {
      case EventType.ExecutionTerminated:
        return end(next, 'Terminated', JSON.stringify(message.Input), [message], now)
      case EventType.ExecutionSuspended:
        next = { ...next, status: 'Suspended', output: JSON.stringify(message.Reason), history: [...next.history, played(message)] }
        break
      case EventType.ExecutionResumed:
        next = { ...next, status: 'Running', output: null, history: [...next.history, played(message)] }
        break
      default: {
        // What was sent twice, or to an earlier execution, ends nothing that is awaited.
        const id = endedId(message)
        if (id === undefined || awaited.delete(id)) next = { ...next, inbox: [...next.inbox, message] }
      }
    }
  }
  return next.inbox === instance.inbox && next.history === instance.history ? instance : next
}

/** The instance after its orchestrator has taken what waits in the inbox. */
export async function runEpisode(instance: Instance, replay: Replay, now: number): Promise<Instance> {
  const messages = instance.oneMessageAtATime ? instance.inbox.slice(0, 1) : instance.inbox
  const news = [{ EventType: EventType.OrchestratorStarted, ...stamp(now) }, ...messages]
  const history = [...instance.history, ...news]
  const result = await replay(instance, history)
  const next: Instance = {
    ...instance,
    status: 'Running',
    lastUpdatedTime: now,
    customStatus: result.customStatus ?? instance.customStatus,
    inbox: instance.inbox.slice(messages.length),
  }
  const { failure = complaint(next, history), simulation } = numbered(result, history)
  if (failure !== undefined) {
    return end(next, 'Failed', JSON.stringify(`Orchestrator function '${instance.name}' failed: ${failure}`), news, now)
  }
  if (simulation?.continueAsNew) return continuedAsNew(next, simulation.continueAsNew.input, now)
  if (result.isDone || !simulation) return end(next, 'Completed', JSON.stringify(result.output ?? null), news, now)
  const scheduled = [...simulation.commands].map(([id, command]) => toEvent(instance, id, command, now))
  const completed = { EventType: EventType.OrchestratorCompleted, ...stamp(now), Actions: result.actions.length }
  return {
    ...next,
    history: callOff([...instance.history, ...[...news, ...scheduled, completed].map(played)], simulation.cancelled),
    oneMessageAtATime: oneMessageAtATime(result.actions),
  }
}

function numbered(result: OrchestratorResult, history: readonly HistoryEvent[]): { failure?: string; simulation?: Simulation } {
  if (result.failure !== undefined) return { failure: result.failure }
  try {
    return { simulation: simulate(result.actions, history) }
  } catch (error) {
    return failed(messageOf(error))
  }
}

function complaint(next: Instance, history: readonly HistoryEvent[]): string | undefined {
  if (history.length > MOST_EVENTS) return `its history has more than ${MOST_EVENTS} events; use continueAsNew.`
  if (JSON.stringify(next.customStatus).length > LONGEST_CUSTOM_STATUS) return 'its custom status is longer than 16 KB.'
  return undefined
}

function end(
  instance: Instance,
  status: ExecutionCompleted['OrchestrationStatus'],
  output: string,
  news: readonly HistoryEvent[],
  now: number,
): Instance {
  const completed: ExecutionCompleted = {
    EventType: EventType.ExecutionCompleted,
    ...stamp(now),
    OrchestrationStatus: status,
    Result: output,
  }
  return { ...instance, status, output, inbox: [], history: [...instance.history, ...[...news, completed].map(played)] }
}

/** Events that come later belong to the new execution, results of the old one's tasks to nobody. */
function continuedAsNew(instance: Instance, input: unknown, now: number): Instance {
  const next = { ...instance, executionId: randomUUID(), input: JSON.stringify(input ?? null), history: [], oneMessageAtATime: false }
  const late = instance.inbox.filter((message) => endedId(message) === undefined)
  return { ...next, inbox: [executionStarted(next, now), ...late] }
}

function toEvent(instance: Instance, id: number, command: Command, now: number): ScheduledEvent {
  const common = { ...stamp(now), EventId: id }
  const expired = command.expired === undefined ? {} : { Expired: command.expired }
  switch (command.actionType) {
    case ActionType.CallActivity: {
      const Input = JSON.stringify([command.input ?? null])
      return { EventType: EventType.TaskScheduled, ...common, Name: command.functionName, Version: '', Input, ...expired }
    }
    case ActionType.CallSubOrchestrator:
      return {
        EventType: EventType.SubOrchestrationInstanceCreated,
        ...common,
        Name: command.functionName,
        Version: command.version ?? '',
        InstanceId: command.instanceId || `${instance.executionId}:${id}`,
        Input: JSON.stringify(command.input ?? null),
        ...expired,
      }
    case ActionType.CreateTimer:
      return { EventType: EventType.TimerCreated, ...common, FireAt: command.fireAt }
  }
}

function callOff(history: readonly HistoryEvent[], cancelled: ReadonlySet<number>): readonly HistoryEvent[] {
  if (cancelled.size === 0) return history
  return history.map((event) => (isScheduled(event) && cancelled.has(event.EventId) ? { ...event, IsCanceled: true as const } : event))
}

const played = <Event extends HistoryEvent>(event: Event): Event => ({ ...event, IsPlayed: true })
