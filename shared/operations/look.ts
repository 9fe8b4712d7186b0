import type { Services } from '../services.ts'
import { rowKey } from '../storage/row-key.ts'
import type { StepContext } from './context.ts'
import type { AnyStepKind } from './kinds.ts'
import { hasEnded, type Operation } from './operation.ts'
import { failed, type Look } from './outcome.ts'
import type { Step } from './plan.ts'
import { resourceLedger } from './resource-ledger.ts'
import { isStuck, MOST_TRIES, napUntil, nextLook, nextTry } from './rhythm.ts'
import { errorText, isWaitedOut, stuck, toProblem, unknownKind } from './step-error.ts'
import type { Seen, StepLook, StepQuestion } from './step-look.ts'
import type { StepRecord, StepState } from './step-record.ts'
import { operationStore } from './store.ts'
import type { Workshop } from './workshop.ts'

/** The two ways through a plan: doing its steps, and taking them back. */
interface Course {
  readonly active: StepState
  readonly ended: StepState
  readonly goesOn: (operation: Operation) => boolean
  readonly isOver: (record: StepRecord | undefined) => boolean
  /** What to call; undefined: there is nothing to do. */
  readonly act: (kind: AnyStepKind, begun: boolean) => AnyStepKind['begin'] | undefined
}

const doing: Course = {
  active: 'running',
  ended: 'done',
  goesOn: (operation) => operation.state !== 'cancelling' && !hasEnded(operation),
  isOver: (record) => record?.state === 'done',
  act: (kind, begun) => (begun && kind.check) || kind.begin,
}

const undoing: Course = {
  active: 'undoing',
  ended: 'undone',
  goesOn: (operation) => operation.state === 'cancelling' && operation.cancel?.undo === true,
  // What never began has made nothing.
  isOver: (record) => !record || record.state === 'undone',
  act: (kind) => kind.undo,
}

export const lookAtStep = (workshop: Workshop, question: StepQuestion): Promise<StepLook> => look(workshop, question, doing)
export const undoStep = (workshop: Workshop, question: StepQuestion): Promise<StepLook> => look(workshop, question, undoing)

/** One look at one step: starts it, or sees how far it is, and writes that down. Throws only when the app's own storage is away. */
async function look({ services, kinds, operations, plans }: Workshop, question: StepQuestion, course: Course): Promise<StepLook> {
  const { steps } = operationStore(services.tables)
  const { operation: operationId, attempt, step: id, seen } = question
  const [operation, known, stored] = await Promise.all([
    operations(operationId),
    plans(operationId),
    seen ? undefined : steps.get(operationId, rowKey(id)),
  ])
  if (operation?.attempt !== attempt || !course.goesOn(operation)) return { state: 'cancelled' }
  const step = known?.steps.get(id)
  const kind = step && kinds.steps.get(step.kind)
  if (!step || !kind) return { state: 'failed', step: id, problem: unknownKind(step?.kind ?? id) }

  const before = seen?.record ?? stored?.value
  const act = course.act(kind, seen?.begun ?? false)
  if (!act || course.isOver(before)) return { state: 'done' }
  const now = services.clock.now()
  if (seen && now < seen.due) return { state: 'pending', nap: napUntil(seen.due, now, services.settings), seen }

  const save = (record: StepRecord) => steps.upsert(operationId, rowKey(id), record)
  const isResumed = before?.state === course.active && before.attempt === attempt
  const record: StepRecord = isResumed ? before : { id, kind: step.kind, state: course.active, attempt, begunAt: now }
  // Written before anything is begun: whoever takes it back later has to know of it.
  if (!isResumed) await save(record)

  const answer = await ask(services, step, contextOf(services, operation, record), act)
  const asked = services.clock.now()
  const tries = answer.state === 'pending' && answer.error ? (seen?.tries ?? 0) + 1 : 0
  const watched = watchedUntil(now, seen, answer)
  // The kind has a say: a history of short runs must not cut a long one off.
  const typical = Math.max(step.seconds, kind.seconds)
  const isLate = answer.state === 'pending' && (isStuck(typical, watched, services.settings) || tries > MOST_TRIES)
  const verdict = isLate ? failed(stuck(step.title, answer.note)) : answer
  const { note, ...rest } = record
  switch (verdict.state) {
    case 'done':
      await save({ ...rest, state: course.ended, endedAt: asked })
      return { state: 'done' }
    case 'failed':
      await save({ ...rest, state: 'failed', endedAt: asked, problem: verdict.problem })
      services.log('step-failed', { operation: operationId, step: id, code: verdict.problem.code })
      return { state: 'failed', step: id, problem: verdict.problem }
    case 'pending': {
      const current = { ...rest, ...(verdict.note !== undefined && { note: verdict.note }) }
      if (current.note !== note) await save(current)
      const rhythm = rhythmAfter(verdict, step, seen, watched, tries, services)
      // Until the next look after a silence nobody could be told either.
      const watchedFrom = answer.error === 'unanswered' ? rhythm.due : asked
      const next = { record: current, tries, watched, watchedFrom, ...rhythm }
      return { state: 'pending', nap: napUntil(next.due, asked, services.settings), seen: next }
    }
  }
}

/** A look; `error`: it stands for an error that is waited out, `unanswered` where it tells nothing of the resource. */
type Answer = Look & { readonly error?: 'answered' | 'unanswered' }
type Waiting = Extract<Answer, { readonly state: 'pending' }>

/** Calls the step kind; what it throws is sorted into what goes over by itself and what does not. */
async function ask(services: Services, step: Step, context: StepContext, act: AnyStepKind['begin']): Promise<Answer> {
  try {
    // The stored arguments are what the kind's own planner wrote.
    return await act(context, step.args as never)
  } catch (error) {
    const problem = toProblem(error, step.title)
    if (problem.code === 'unknown') services.log('step-crashed', { operation: context.operationId, step: step.id, error: errorText(error) })
    if (!isWaitedOut(problem)) return failed(problem)
    const { code, message: note, retryAfter } = problem
    return {
      state: 'pending',
      error: code === 'conflict' ? 'answered' : 'unanswered',
      note,
      ...(retryAfter !== undefined && { retryAfter }),
    }
  }
}

/** Milliseconds that count against the deadline: not those in which the app was down or busy, nor those in which Azure could not be asked. */
function watchedUntil(now: number, seen: Seen | undefined, answer: Answer): number {
  if (!seen) return 0
  const isUnanswered = answer.state === 'pending' && answer.error === 'unanswered'
  return seen.watched + (isUnanswered ? 0 : Math.min(now, seen.due) - seen.watchedFrom)
}

function rhythmAfter(
  { retryAfter, error }: Waiting,
  { seconds }: Step,
  seen: Seen | undefined,
  elapsed: number,
  tries: number,
  { clock, settings }: Services,
) {
  const now = clock.now()
  const begun = seen?.begun ?? false
  if (!error) return { begun: true, due: nextLook({ seconds, retryAfter, ...(begun && { elapsed }) }, now, settings) }
  return { begun, due: nextTry(tries, retryAfter, now, settings) }
}

const contextOf = (services: Services, { id, subject }: Operation, { attempt, begunAt }: StepRecord): StepContext => ({
  services,
  operationId: id,
  subjectId: subject.id,
  ledger: resourceLedger(services, subject.id, id),
  attempt,
  begunAt,
})
