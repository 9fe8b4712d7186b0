import {
  type Action,
  ActionType,
  type CallActivity,
  type CallSubOrchestrator,
  type CreateTimer,
  type TaskRetryOptions,
  unsupportedCalls,
} from './action.ts'
import { EventType, type HistoryEvent, isScheduled, type TaskFailed } from './history-event.ts'

/** Something to set going. `expired`: the retry timeout is over, so it fails with this reason at once. */
export type Command = (CallActivity | CallSubOrchestrator | CreateTimer) & { readonly expired?: string }

export interface Simulation {
  /** What the history has no event of yet, by sequence number, in order. */
  readonly commands: ReadonlyMap<number, Command>
  /** Sequence numbers of timers that the orchestrator has called off. */
  readonly cancelled: ReadonlySet<number>
  readonly continueAsNew?: { readonly input?: unknown }
}

/** Called when a task has ended, with the failure if it failed. */
type Done = (failure?: TaskFailed) => void

/** The last moment that a Date can hold. */
const END_OF_TIME = 8.64e15

/**
 * Finds the sequence numbers of an orchestrator's actions.
 *
 * The library never sends them: it counts tasks as it starts them and expects the history to carry the same numbers.
 * So its walk is repeated here, event by event: an action starts when the one before has ended, and a retry takes its
 * numbers (a timer, an attempt) when the failure arrives.
 *
 * A task can be yielded twice, first within Task.any and then alone; the second time leaves no action, and the next
 * action seems ready long before the library asks for it. Therefore an action starts no earlier than in the episode that
 * brought it (OrchestratorCompleted.Actions), and there after the episode's events. That is exact as long as an
 * orchestration with retries gets one message an episode: see `oneMessageAtATime`.
 */
export function simulate(actions: readonly Action[], history: readonly HistoryEvent[]): Simulation {
  const commands = new Map<number, Command>()
  const cancelled = new Set<number>()
  const open = new Map<number, Done>()
  const waiting = new Map<string, Done[]>()
  const early = new Map<string, number>()
  let continueAsNew: Simulation['continueAsNew']
  let sequence = 0
  let clock = 0

  const schedule = (command: Command, done: Done) => {
    const id = sequence++
    commands.set(id, command)
    open.set(id, done)
    if (command.actionType === ActionType.CreateTimer && command.isCanceled) cancelled.add(id)
  }
  const end = (id: number, failure?: TaskFailed) => {
    const done = open.get(id)
    open.delete(id)
    done?.(failure)
  }

  function start(action: Action, done: Done): void {
    switch (action.actionType) {
      case ActionType.CallActivity:
      case ActionType.CallSubOrchestrator:
      case ActionType.CreateTimer:
        schedule(action, done)
        break
      case ActionType.CallActivityWithRetry:
        retry(action.retryOptions, { ...action, actionType: ActionType.CallActivity }, done)
        break
      case ActionType.CallSubOrchestratorWithRetry:
        retry(action.retryOptions, { ...action, actionType: ActionType.CallSubOrchestrator }, done)
        break
      case ActionType.WaitForExternalEvent:
        waitFor(action.externalEventName, done)
        break
      case ActionType.WhenAny: {
        const first = once(done)
        for (const child of action.compoundActions) start(child, () => first())
        break
      }
      case ActionType.WhenAll: {
        // The library goes on at the first failure, unlike Task.WhenAll of .NET, and the numbers are the library's.
        const settled = once(done)
        let left = action.compoundActions.length
        for (const child of action.compoundActions) {
          start(child, (failure) => {
            left--
            if (failure || left === 0) settled(failure)
          })
        }
        break
      }
      case ActionType.ContinueAsNew:
        continueAsNew = action
        done()
        break
      default:
        throw new Error(`${unsupportedCalls[(action as Action).actionType] ?? 'this call'} is not supported by the embedded host`)
    }
  }

  /** As the library counts: attempt, and after each failure a timer, even after the last, before the task fails. */
  function retry(options: TaskRetryOptions, command: CallActivity | CallSubOrchestrator, done: Done): void {
    const until = clock + (options.retryTimeoutInMilliseconds ?? Number.POSITIVE_INFINITY)
    let attempts = 0
    const attempt = (expired?: string) =>
      schedule(expired === undefined ? command : { ...command, expired }, (failure) => {
        if (!failure) {
          done()
          return
        }
        attempts++
        const last = attempts >= options.maxNumberOfAttempts
        const late = clock >= until
        const fireAt = clock + (last || late ? 0 : retryDelay(options, attempts))
        schedule({ actionType: ActionType.CreateTimer, fireAt: new Date(Math.min(fireAt, END_OF_TIME)).toISOString() }, () => {
          if (last) done(failure)
          else attempt(late ? failure.Reason : undefined)
        })
      })
    attempt()
  }

  function waitFor(name: string, done: Done): void {
    const buffered = early.get(name) ?? 0
    if (buffered === 0) waiting.set(name, [...(waiting.get(name) ?? []), done])
    else {
      early.set(name, buffered - 1)
      done()
    }
  }

  const revealed = history.filter((event) => event.EventType === EventType.OrchestratorCompleted).map((event) => event.Actions)
  /** How many actions may start: one more than have ended. */
  let ready = 0
  let begun = 0
  let episode = -1
  /** Starts what is ready and known, one after the other: all parts of a compound start even when the first ends it. */
  const proceed = () => {
    while (begun < Math.min(ready, revealed[episode] ?? actions.length)) {
      const action = actions[begun++]
      if (action) start(action, () => ready++)
    }
  }

  for (const [index, event] of history.entries()) {
    const readyBefore = ready
    switch (event.EventType) {
      case EventType.OrchestratorStarted:
        episode++
        clock = Math.max(clock, Date.parse(event.Timestamp))
        break
      case EventType.ExecutionStarted:
        ready = 1
        break
      case EventType.TaskScheduled:
      case EventType.SubOrchestrationInstanceCreated:
      case EventType.TimerCreated:
        commands.delete(event.EventId)
        break
      case EventType.TaskCompleted:
      case EventType.SubOrchestrationInstanceCompleted:
        end(event.TaskScheduledId)
        break
      case EventType.TaskFailed:
      case EventType.SubOrchestrationInstanceFailed:
        end(event.TaskScheduledId, event)
        break
      case EventType.TimerFired:
        end(event.TimerId)
        break
      case EventType.EventRaised: {
        const done = waiting.get(event.Name)?.pop()
        if (done) done()
        else early.set(event.Name, (early.get(event.Name) ?? 0) + 1)
        break
      }
    }
    if (ready > readyBefore || endsMessages(history[index + 1])) proceed()
  }
  return { commands, cancelled, ...(continueAsNew && { continueAsNew }) }
}

/** Milliseconds until the attempt after the `failures`th failure. */
function retryDelay(options: TaskRetryOptions, failures: number): number {
  const { firstRetryIntervalInMilliseconds: first, backoffCoefficient = 1, maxRetryIntervalInMilliseconds: most } = options
  return Math.min(first * backoffCoefficient ** (failures - 1), most ?? Number.POSITIVE_INFINITY)
}

/** Whether an orchestration retries. Then two messages of one episode could not be told apart in their effect on the numbers. */
export function oneMessageAtATime(actions: readonly Action[]): boolean {
  return actions.some((action) => 'retryOptions' in action || ('compoundActions' in action && oneMessageAtATime(action.compoundActions)))
}

/** True where the messages of an episode are over and what it scheduled begins. */
const endsMessages = (next: HistoryEvent | undefined) =>
  next === undefined || isScheduled(next) || next.EventType === EventType.OrchestratorCompleted

function once(done: Done): Done {
  let called = false
  return (failure) => {
    if (called) return
    called = true
    done(failure)
  }
}
