import type { Services } from '../services.ts'
import { rowKey } from '../storage/row-key.ts'
import type { StepContext } from './context.ts'
import type { AnyStepKind, Kinds } from './kinds.ts'
import { hasEnded, type Operation } from './operation.ts'
import { clusterIdOf } from './operation-id.ts'
import { failed, type Look, pending } from './outcome.ts'
import type { Step } from './plan.ts'
import type { PlanReader } from './plan-reader.ts'
import { resourceLedger } from './resource-ledger.ts'
import { absence, isStuck, napUntil, nextLook, nextTry, type Seen } from './rhythm.ts'
import { errorText, isWaitedOut, stuck, toProblem, unknownKind } from './step-error.ts'
import type { StepLook, StepQuestion } from './step-look.ts'
import type { StepRecord, StepState } from './step-record.ts'
import { operationStore } from './store.ts'

/** What the executor works with, built once per app. */
export interface Workshop {
  readonly services: Services
  readonly kinds: Kinds
  readonly plans: PlanReader
}

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
async function look({ services, kinds, plans }: Workshop, question: StepQuestion, course: Course): Promise<StepLook> {
  const { operations, steps } = operationStore(services.tables)
  const { operation: operationId, attempt, step: id, seen } = question
  const [operation, known, stored] = await Promise.all([
    operations.get(clusterIdOf(operationId) ?? '', operationId),
    plans(operationId),
    steps.get(operationId, rowKey(id)),
  ])
  if (operation?.value.attempt !== attempt || !course.goesOn(operation.value)) return { state: 'cancelled' }
  const step = known?.steps.get(id)
  const kind = step && kinds.steps.get(step.kind)
  if (!step || !kind) return { state: 'failed', step: id, problem: unknownKind(step?.kind ?? id) }

  const before = stored?.value
  if (course.isOver(before)) return { state: 'done' }
  const act = course.act(kind, seen?.begun ?? false)
  if (!act) return { state: 'done' }
  const resumed = before?.state === course.active && before.attempt === attempt
  const now = services.clock.now()
  if (seen && now < seen.due) return { state: 'pending', nap: napUntil(seen.due, now, services.settings), seen }

  const save = (record: StepRecord) => steps.upsert(operationId, rowKey(id), record)
  const record: StepRecord = resumed ? before : { id, kind: step.kind, state: course.active, attempt, begunAt: now }
  // Written before anything is begun: whoever takes it back later has to know of it.
  if (!resumed) await save(record)

  const answer = await ask(services, step, contextOf(services, operation.value, record), act)
  const asked = services.clock.now()
  const away = seen ? seen.away + absence(seen.due, now) : now - record.begunAt
  const verdict =
    answer.state === 'pending' && isStuck(step.seconds, asked - record.begunAt - away, services.settings)
      ? failed(stuck(step.title, answer.note))
      : answer
  const { note: _, ...rest } = record
  switch (verdict.state) {
    case 'done':
      await save({ ...rest, state: course.ended, endedAt: asked })
      return { state: 'done' }
    case 'failed':
      await save({ ...rest, state: 'failed', endedAt: asked, problem: verdict.problem })
      services.log('step-failed', { operation: operationId, step: id, code: verdict.problem.code })
      return { state: 'failed', step: id, problem: verdict.problem }
    case 'pending': {
      if (verdict.note !== record.note) await save(verdict.note === undefined ? rest : { ...rest, note: verdict.note })
      const next = nextSeen(verdict, step, seen, away, asked, services)
      return { state: 'pending', nap: napUntil(next.due, asked, services.settings), seen: next }
    }
  }
}

/** A look, or an error that is waited out. */
type Answer = Look & { readonly error?: true }

/** Calls the step kind; what it throws is sorted into what goes over by itself and what does not. */
async function ask(services: Services, step: Step, context: StepContext, act: AnyStepKind['begin']): Promise<Answer> {
  try {
    // The stored arguments are what the kind's own planner wrote.
    return await act(context, step.args as never)
  } catch (error) {
    const problem = toProblem(error, step.title)
    if (problem.code === 'unknown') services.log('step-crashed', { operation: context.operationId, step: step.id, error: errorText(error) })
    if (!isWaitedOut(problem)) return failed(problem)
    return {
      ...pending({ note: problem.message, ...(problem.retryAfter !== undefined && { retryAfter: problem.retryAfter }) }),
      error: true,
    }
  }
}

function nextSeen(
  answer: Answer & { state: 'pending' },
  step: Step,
  seen: Seen | undefined,
  away: number,
  now: number,
  services: Services,
): Seen {
  const { retryAfter, error } = answer
  const pace = services.settings
  if (error) {
    const tries = (seen?.tries ?? 0) + 1
    return { begun: seen?.begun ?? false, tries, away, due: nextTry(tries, retryAfter, now, pace) }
  }
  const due = nextLook({ seconds: step.seconds, retryAfter, first: !seen?.begun }, now, pace)
  return { begun: true, tries: 0, away, due }
}

const contextOf = (services: Services, { id, clusterId }: Operation, { begunAt }: StepRecord): StepContext => ({
  services,
  operationId: id,
  clusterId,
  ledger: resourceLedger(services, clusterId, id),
  begunAt,
})
