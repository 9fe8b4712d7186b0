import { type Action, ActionType } from '../../../../local/host/durable/action.ts'
import { EventType, type HistoryEvent } from '../../../../local/host/durable/history-event.ts'
import { simulate } from '../../../../local/host/durable/simulate.ts'

const START = Date.UTC(2026, 0, 1)
const at = (seconds: number) => ({ EventId: -1, IsPlayed: true, Timestamp: new Date(START + seconds * 1000).toISOString() })
const iso = (seconds: number) => new Date(START + seconds * 1000).toISOString()

const turn = (seconds = 0): HistoryEvent => ({ EventType: EventType.OrchestratorStarted, ...at(seconds) })
const over = (actions: number): HistoryEvent => ({ EventType: EventType.OrchestratorCompleted, ...at(0), Actions: actions })
const began = { EventType: EventType.ExecutionStarted, ...at(0) } as HistoryEvent
const scheduled = (id: number): HistoryEvent => ({
  EventType: EventType.TaskScheduled,
  ...at(0),
  EventId: id,
  Name: 'a',
  Version: '',
  Input: '[null]',
})
const timer = (id: number): HistoryEvent => ({ EventType: EventType.TimerCreated, ...at(0), EventId: id, FireAt: iso(0) })
const completed = (id: number): HistoryEvent => ({ EventType: EventType.TaskCompleted, ...at(0), TaskScheduledId: id, Result: 'null' })
const taskFailed = (id: number): HistoryEvent => ({
  EventType: EventType.TaskFailed,
  ...at(0),
  TaskScheduledId: id,
  Reason: 'because',
  Details: '',
})
const fired = (id: number): HistoryEvent => ({ EventType: EventType.TimerFired, ...at(0), TimerId: id, FireAt: iso(0) })
const raised = (name: string): HistoryEvent => ({ EventType: EventType.EventRaised, ...at(0), Name: name, Input: null })

const call = (functionName: string): Action => ({ actionType: ActionType.CallActivity, functionName })
const sleep = (seconds: number, isCanceled = false): Action => ({ actionType: ActionType.CreateTimer, fireAt: iso(seconds), isCanceled })
const wait = (externalEventName: string): Action => ({ actionType: ActionType.WaitForExternalEvent, externalEventName })
const all = (...compoundActions: Action[]): Action => ({ actionType: ActionType.WhenAll, compoundActions })
const any = (...compoundActions: Action[]): Action => ({ actionType: ActionType.WhenAny, compoundActions })
const retried = (maxNumberOfAttempts: number, options = {}): Action => ({
  actionType: ActionType.CallActivityWithRetry,
  functionName: 'flaky',
  retryOptions: { firstRetryIntervalInMilliseconds: 10_000, maxNumberOfAttempts, ...options },
})

/** New commands as `id:name` or `id:time`. */
function commands(actions: readonly Action[], ...history: HistoryEvent[]): string[] {
  return [...simulate(actions, history).commands].map(([id, command]) =>
    command.actionType === ActionType.CreateTimer ? `${id}:${command.fireAt.slice(11, 19)}` : `${id}:${command.functionName}`,
  )
}

test('actions are numbered one after the other, each when the one before has ended', () => {
  const actions = [call('first'), call('second')]
  expect(commands(actions, turn(), began)).toEqual(['0:first'])
  expect(commands(actions, turn(), began, scheduled(0), over(2), turn(), completed(0))).toEqual(['1:second'])
})

test('what has been scheduled is not scheduled again', () => {
  expect(commands([call('first')], turn(), began, scheduled(0), over(1), turn(), raised('other'))).toEqual([])
})

test('the children of Task.all and Task.any are numbered in their order', () => {
  expect(commands([all(call('x'), any(sleep(5), call('y')), call('z'))], turn(), began)).toEqual(['0:x', '1:00:00:05', '2:y', '3:z'])
})

test('Task.any goes on at its first end, Task.all at its last', () => {
  const started = [turn(), began, scheduled(0), scheduled(1), over(2), turn()]
  expect(commands([any(call('x'), call('y')), call('next')], ...started, completed(1))).toEqual(['2:next'])
  expect(commands([all(call('x'), call('y')), call('next')], ...started, completed(1))).toEqual([])
  expect(commands([all(call('x'), call('y')), call('next')], ...started, completed(1), completed(0))).toEqual(['2:next'])
})

test('Task.all goes on at its first failure, as the library does', () => {
  const started = [turn(), began, scheduled(0), scheduled(1), over(2), turn()]
  expect(commands([all(call('x'), call('y')), call('next')], ...started, taskFailed(1))).toEqual(['2:next'])
})

test('waiting for an event takes no number, and an event that came early is not lost', () => {
  const actions = [call('x'), wait('go'), call('next')]
  expect(commands(actions, turn(), began, raised('go'), scheduled(0), over(1), turn(), completed(0))).toEqual(['1:next'])
  expect(commands(actions, turn(), began, raised('Go'), scheduled(0), over(1), turn(), completed(0))).toEqual([])
})

test('all parts of a compound are numbered before the next action, even when an early event ends it at once', () => {
  const actions = [any(wait('go'), call('x')), call('next')]
  expect(commands(actions, turn(), began, raised('go'))).toEqual(['0:x', '1:next'])
  expect(commands([call('first'), ...actions], turn(), began, raised('go'), scheduled(0), over(1), turn(), completed(0))).toEqual([
    '1:x',
    '2:next',
  ])
})

test('a failed attempt is followed by a timer, then by the next attempt', () => {
  const actions = [retried(2), call('next')]
  const first = [turn(), began, scheduled(0), over(1), turn(100), taskFailed(0)]
  expect(commands(actions, ...first)).toEqual(['1:00:01:50'])
  const second = [...first, timer(1), over(1), turn(200), fired(1)]
  expect(commands(actions, ...second)).toEqual(['2:flaky'])
  const last = [...second, scheduled(2), over(1), turn(300), taskFailed(2)]
  expect(commands(actions, ...last)).toEqual(['3:00:05:00'])
  expect(commands(actions, ...last, timer(3), over(1), turn(300), fired(3))).toEqual(['4:next'])
})

test('the wait between attempts grows by the coefficient up to the longest', () => {
  const actions = [retried(9, { backoffCoefficient: 3, maxRetryIntervalInMilliseconds: 50_000 })]
  const failures = (count: number) =>
    Array.from({ length: count }, (_, n) => [
      scheduled(2 * n),
      over(1),
      turn(),
      taskFailed(2 * n),
      timer(2 * n + 1),
      over(1),
      turn(),
      fired(2 * n + 1),
    ])
  const after = (count: number) => commands(actions, turn(), began, ...failures(count).flat().slice(0, -4))
  expect([after(1), after(2), after(3)]).toEqual([['1:00:00:10'], ['3:00:00:30'], ['5:00:00:50']])
})

test('an attempt past the retry timeout is not run: it fails with the reason of the one before', () => {
  const actions = [retried(5, { retryTimeoutInMilliseconds: 60_000 })]
  const history = [turn(), began, scheduled(0), over(1), turn(61), taskFailed(0)]
  expect(commands(actions, ...history)).toEqual(['1:00:01:01'])
  const { commands: next } = simulate(actions, [...history, timer(1), over(1), turn(61), fired(1)])
  expect(next.get(2)).toMatchObject({ expired: 'because' })
})

test('a timer called off long after it was created keeps its number and ends nothing', () => {
  const history = [turn(), began, timer(0), over(1), turn(), raised('go')]
  const { commands: next, cancelled } = simulate([any(sleep(60, true), wait('go')), call('next')], history)
  expect([...next.keys()]).toEqual([1])
  expect([...cancelled]).toEqual([0])
})

test('a task awaited again after Task.any holds the next action back until the library asks for it', () => {
  // The event ends Task.any; then the orchestrator yields the retried activity alone, which leaves no action.
  const actions = [any(retried(3), wait('stop')), call('after')]
  const stopped = [turn(), began, scheduled(0), over(1), turn(), raised('stop'), over(1)]
  const failedOnce = [...stopped, turn(), taskFailed(0), timer(1), over(1), turn(), fired(1), scheduled(2), over(1)]
  expect(commands(actions, ...failedOnce, turn(), completed(2))).toEqual(['3:after'])
})

test('continue-as-new is reported with its input', () => {
  const { continueAsNew } = simulate([{ actionType: ActionType.ContinueAsNew, input: { n: 2 } }], [turn(), began])
  expect(continueAsNew).toMatchObject({ input: { n: 2 } })
})

test('entities are refused by name', () => {
  expect(() => simulate([{ actionType: ActionType.CallEntity } as unknown as Action], [turn(), began])).toThrow(
    'callEntity is not supported',
  )
})
