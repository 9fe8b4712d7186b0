import { type OrchestrationContext, RetryOptions, type Task } from 'durable-functions'
import type { BatchOutcome, RunAttempt, RunBeginning } from '../../shared/retention/perform-run.ts'

/** Names of the activities. */
export const BEGIN_RUN = 'begin-retention-run'
export const CLEAN_BATCH = 'clean-repositories'
export const END_RUN = 'end-retention-run'

interface RunInput extends RunAttempt {
  /** Numbers of the batches that are not done; absent at first. */
  readonly open?: readonly number[]
  /** Seconds that the registry has been waited for in vain. */
  readonly waited?: number
}

/** Activities at work at once: each has many calls under way, and the registry's limit holds for all of them together. */
const SIDE_BY_SIDE = 4
/** Rounds after which the orchestration starts over with a fresh history: each leaves about a dozen events. */
const ROUNDS_PER_HISTORY = 30

/** Seconds after which a registry that cannot be asked is given up, until the next run. */
const PATIENCE = 3600

/** Activities fail only while storage is away: 40 tries at most half a minute apart bridge a quarter of an hour, then the watchdog takes over. */
const retry = new RetryOptions(1000, 40)
retry.backoffCoefficient = 2
retry.maxRetryIntervalInMilliseconds = 30_000

/** One run over a registry: batches of repositories side by side, each for as long as an activity may, until all are done. */
export function* runRetention(context: OrchestrationContext): Generator<Task, void, unknown> {
  const input = context.df.getInput<RunInput>()
  const { run, attempt } = input
  const call = (name: string, given: object) => context.df.callActivityWithRetry(name, retry, { run, attempt, ...given })
  const pause = (seconds: number) => context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + seconds * 1000))
  let { open, waited = 0 } = input
  if (!open) {
    const beginning = (yield call(BEGIN_RUN, {})) as RunBeginning
    if (beginning.next === 'stale') return
    if (beginning.next === 'failed') {
      const { problem, nap } = beginning
      if (nap === undefined || waited >= PATIENCE) {
        yield call(END_RUN, { problem })
        return
      }
      yield pause(nap)
      context.df.continueAsNew({ run, attempt, waited: waited + nap } satisfies RunInput)
      return
    }
    open = Array.from({ length: beginning.batches }, (_, number) => number)
    waited = 0
  }
  for (let rounds = 0; open.length > 0; rounds++) {
    if (rounds === ROUNDS_PER_HISTORY) {
      context.df.continueAsNew({ run, attempt, open, waited } satisfies RunInput)
      return
    }
    const now: readonly number[] = open.slice(0, SIDE_BY_SIDE)
    // Every task is yielded in one `Task.all` only (durable-js #574).
    const outcomes = (yield context.df.Task.all(now.map((batch) => call(CLEAN_BATCH, { batch })))) as readonly BatchOutcome[]
    const failed = outcomes.filter((outcome) => outcome.state === 'failed')
    const hopeless = failed.find(({ nap }) => nap === undefined || waited >= PATIENCE)
    if (hopeless) {
      yield call(END_RUN, { problem: hopeless.problem })
      return
    }
    // What is not done goes to the end: the other batches come first.
    open = [...open.slice(now.length), ...now.filter((_, index) => outcomes[index]?.state !== 'done')]
    const nap = longest(outcomes)
    waited = failed.length > 0 ? waited + nap : 0
    if (nap > 0) yield pause(nap)
  }
  yield call(END_RUN, {})
}

/** Seconds until the registry lets calls through again: it holds back all batches alike. */
const longest = (outcomes: readonly BatchOutcome[]): number =>
  Math.max(0, ...outcomes.map((outcome) => (outcome.state === 'done' ? 0 : (outcome.nap ?? 0))))
