import { type OrchestrationContext, RetryOptions, type Task } from 'durable-functions'
import type { Beginning, OperationAttempt } from '../../shared/operations/begin-operation.ts'
import type { Ended, OperationEnding } from '../../shared/operations/end-operation.ts'
import type { Outcome } from '../../shared/operations/outcome.ts'
import { type Outline, reversed } from '../../shared/operations/outline.ts'
import type { Seen, StepLook, StepQuestion } from '../../shared/operations/step-look.ts'

/** Names of the activities, and of the orchestration that walks a branch of a plan. */
export const BEGIN_OPERATION = 'begin-operation'
export const END_OPERATION = 'end-operation'
export const LOOK_AT_STEP = 'look-at-step'
export const UNDO_STEP = 'undo-step'
export const RUN_NODE = 'run-node'

type Walk<Result> = Generator<Task, Result, unknown>

interface NodeInput extends OperationAttempt {
  readonly way: 'do' | 'undo'
  readonly outline: Outline
  /** Where in the plan it stands, for the ids of its children. */
  readonly path: string
  /** What to go on with: the unit of the outline and, where it is a step, the last look at it. */
  readonly from: number
  readonly seen?: Seen
}

/** Looks after which an orchestration starts over with a fresh history: each leaves about eight events. */
const LOOKS_PER_HISTORY = 50

/** Activities fail only while storage is away: 40 tries at most half a minute apart bridge a quarter of an hour, then the watchdog takes over. */
const retry = new RetryOptions(1000, 40)
retry.backoffCoefficient = 2
retry.maxRetryIntervalInMilliseconds = 30_000

/** One operation from beginning to end, under the name of its kind. */
export function* runOperation(context: OrchestrationContext): Walk<void> {
  const attempt = context.df.getInput<OperationAttempt>()
  const beginning = (yield activity(context, BEGIN_OPERATION, attempt)) as Beginning
  if (beginning.next === 'stale') return
  if (beginning.next === 'wait') {
    yield nap(context, beginning.nap)
    context.df.continueAsNew(attempt)
    return
  }
  const { outline } = beginning
  const outcome = (yield node(context, { ...attempt, way: 'do', outline, path: '', from: 0 })) as Outcome
  const ending = { ...attempt, outcome, undone: false } satisfies OperationEnding
  const { next } = (yield activity(context, END_OPERATION, ending)) as Ended
  if (next !== 'undo') return
  const wayBack = (yield node(context, { ...attempt, way: 'undo', outline: reversed(outline), path: '', from: 0 })) as Outcome
  yield activity(context, END_OPERATION, { ...ending, outcome: wayBack, undone: true })
}

/**
 * Walks what runs one after the other; branches that run side by side are orchestrations of their own.
 * Children never throw: they return how they ended, so that siblings settle before anything is undone.
 * Every task is yielded in one `Task.all` only (durable-js #574).
 */
export function* runNode(context: OrchestrationContext): Walk<Outcome> {
  const input = context.df.getInput<NodeInput>()
  const { operation, attempt, way, outline, path } = input
  let { seen } = input
  let looks = 0
  for (const [index, unit] of [...outline.entries()].slice(input.from)) {
    if ('parallel' in unit) {
      const branch = (part: Outline, place: number) =>
        node(context, { operation, attempt, way, outline: part, path: `${path}.${index}-${place}`, from: 0 })
      const outcome = worst((yield context.df.Task.all(unit.parallel.map(branch))) as readonly Outcome[])
      if (outcome.state !== 'done') return outcome
      continue
    }
    for (;;) {
      const question: StepQuestion = { operation, attempt, step: unit.step, ...(seen && { seen }) }
      const look = (yield activity(context, way === 'do' ? LOOK_AT_STEP : UNDO_STEP, question)) as StepLook
      if (look.state === 'done') break
      if (look.state !== 'pending') return look
      seen = look.seen
      yield nap(context, look.nap)
      if (++looks < LOOKS_PER_HISTORY) continue
      context.df.continueAsNew({ ...input, from: index, seen } satisfies NodeInput)
      return { state: 'done' }
    }
    seen = undefined
  }
  return { state: 'done' }
}

/** A failure outweighs a cancel, and that a success. */
const worst = (outcomes: readonly Outcome[]): Outcome =>
  outcomes.find(({ state }) => state === 'failed') ?? outcomes.find(({ state }) => state === 'cancelled') ?? { state: 'done' }

const activity = (context: OrchestrationContext, name: string, input: OperationAttempt | OperationEnding | StepQuestion): Task =>
  context.df.callActivityWithRetry(name, retry, input)

const nap = (context: OrchestrationContext, seconds: number): Task =>
  context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + seconds * 1000))

function node(context: OrchestrationContext, input: NodeInput): Task {
  const { operation, attempt, way, path } = input
  return context.df.callSubOrchestrator(RUN_NODE, input, `${operation}:${attempt}:${way}${path}`)
}
