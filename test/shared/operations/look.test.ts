import type { FakeClock } from '../../../local/clock.ts'
import { type AnyStepKind, byKind } from '../../../shared/operations/kinds.ts'
import { lookAtStep, undoStep } from '../../../shared/operations/look.ts'
import type { Operation } from '../../../shared/operations/operation.ts'
import { newOperationId } from '../../../shared/operations/operation-id.ts'
import type { OperationKind } from '../../../shared/operations/operation-kind.ts'
import { changeOperation } from '../../../shared/operations/operations.ts'
import { done, failed, type Look, pending } from '../../../shared/operations/outcome.ts'
import type { StepKind } from '../../../shared/operations/step.ts'
import type { StepLook } from '../../../shared/operations/step-look.ts'
import { operationStore, PLAN_ROW } from '../../../shared/operations/store.ts'
import { createWorkshop, type Workshop } from '../../../shared/operations/workshop.ts'
import { ProblemError } from '../../../shared/problem.ts'
import { azurite } from '../../azurite.ts'
import { step } from './plans.ts'
import { testServices } from './test-services.ts'

let clock: FakeClock
let workshop: Workshop
let logged: readonly string[]
let answer: () => Look
let calls: string[]
let operation: string

const STEP = 'virtual-machine.create:demo/head'
const plan = step(STEP, 100)

const toy: StepKind<null> = {
  kind: 'toy',
  permissions: [],
  seconds: 100,
  describe: () => ({ title: 'toy', touches: [] }),
  begin: async () => say('begin'),
  check: async () => say('check'),
  undo: async () => say('undo'),
}

function say(call: string): Look {
  calls.push(call)
  return answer()
}

beforeAll(() => {
  const made = testServices(azurite().connectionString)
  clock = made.clock
  logged = made.services.logged
  const kinds = { steps: byKind<AnyStepKind>([toy]), operations: byKind<OperationKind>() }
  workshop = createWorkshop(made.services, kinds)
})

beforeEach(async () => {
  calls = []
  answer = () => pending()
  operation = newOperationId('cluster', clock.now())
  const { operations, plans } = operationStore(workshop.services.tables)
  const row: Operation = {
    id: operation,
    subject: { type: 'cluster', id: 'cluster' },
    kind: 'build',
    title: '',
    state: 'running',
    attempt: 1,
    requestedBy: '',
    createdOn: 0,
  }
  await Promise.all([operations.insert('cluster', operation, row), plans.insert(operation, PLAN_ROW, plan)])
})

const question = (before?: StepLook, attempt = 1) => ({
  operation,
  attempt,
  step: STEP,
  ...(before?.state === 'pending' && { seen: before.seen }),
})
const look = (before?: StepLook, attempt = 1) => lookAtStep(workshop, question(before, attempt))
const record = async () => (await operationStore(workshop.services.tables).steps.list(operation)).items[0]?.value
const change = (to: Partial<Operation>) => changeOperation(workshop.services, operation, (current) => ({ ...current, ...to }))
/** The look before, when its time has come. */
function onTime(before: StepLook): StepLook {
  if (before.state === 'pending') clock.advance(Math.max(0, Math.ceil(before.seen.due - clock.now())))
  return before
}

async function lookToTheEnd(before?: StepLook): Promise<StepLook> {
  let latest = before ?? (await look())
  while (latest.state === 'pending') latest = await look(onTime(latest))
  return latest
}

const throws = (error: unknown) => () => {
  throw error
}

test('a step is begun once, asked about when it is due, and over when Azure says so', async () => {
  const first = await look()
  expect(first).toMatchObject({ state: 'pending', nap: 9 })
  clock.advance(5000)
  expect(await look(first)).toMatchObject({ state: 'pending', nap: 4 })
  clock.advance(4000)
  const third = await look(first)
  expect(third).toMatchObject({ state: 'pending', nap: 0.3 })
  clock.advance(300)
  answer = done
  expect(await look(third)).toEqual({ state: 'done' })
  expect(calls).toEqual(['begin', 'check', 'check'])
  expect(await record()).toMatchObject({ state: 'done', endedAt: clock.now(), begunAt: clock.now() - 9300 })
  expect(await look()).toEqual({ state: 'done' })
  expect(calls).toHaveLength(3)
})

test('a step is written down before it is begun', async () => {
  const { steps } = operationStore(workshop.services.tables)
  let seen = 0
  const begin = async () => {
    seen = (await steps.list(operation)).items.length
    return done()
  }
  await lookAtStep({ ...workshop, kinds: { ...workshop.kinds, steps: byKind([{ ...toy, begin }]) } }, question())
  expect(seen).toBe(1)
})

test('a step whose first answer got lost is begun again, and its time of beginning stays', async () => {
  await look()
  const { begunAt } = (await record()) ?? {}
  clock.advance(3600_000)
  expect(await look()).toMatchObject({ state: 'pending' })
  expect(calls).toEqual(['begin', 'begin'])
  expect((await record())?.begunAt).toBe(begunAt)
})

test.each(['throttled', 'transient', 'conflict'] as const)(
  '%s is waited out, longer each time, and begin is repeated until it went through',
  async (code) => {
    answer = throws(new ProblemError({ code, message: 'Not now.', retryable: true }))
    const first = await look()
    expect(first).toMatchObject({ nap: 0.1, seen: { begun: false, tries: 1 } })
    clock.advance(100)
    const second = await look(first)
    expect(second).toMatchObject({ nap: 0.2, seen: { begun: false, tries: 2 } })
    expect(await record()).toMatchObject({ state: 'running', note: 'Not now.' })
    clock.advance(200)
    answer = () => pending()
    expect(await look(second)).toMatchObject({ seen: { begun: true, tries: 0 } })
    expect(calls).toEqual(['begin', 'begin', 'begin'])
    expect(await record()).not.toHaveProperty('note')
  },
)

test('what Azure asks to wait is waited', async () => {
  answer = throws(new ProblemError({ code: 'throttled', message: 'Not now.', retryable: true, retryAfter: 7 }))
  expect(await look()).toMatchObject({ nap: 7 })
})

test.each([
  { code: 'quota', message: 'No cores left.', remedy: 'Ask for more.', retryable: false },
  { code: 'conflict', message: 'The address is taken.', retryable: false },
] as const)('a problem that does not go over fails the step as it is: $code', async (problem) => {
  answer = throws(new ProblemError(problem))
  expect(await look()).toEqual({ state: 'failed', step: STEP, problem })
  expect(await record()).toMatchObject({ state: 'failed', problem })
})

test('a bug in a step fails it without its text, which goes to the log', async () => {
  answer = throws(new TypeError('secret of undefined'))
  const { problem } = { problem: undefined, ...(await look()) }
  expect(problem).toMatchObject({ code: 'unknown', retryable: false })
  expect(JSON.stringify(problem)).not.toContain('secret')
  expect(logged.join()).toContain('secret of undefined')
})

test('a step that takes far too long is stuck, and says what it was waiting for', async () => {
  answer = () => pending({ note: 'Updating' })
  expect(await lookToTheEnd()).toMatchObject({ state: 'failed', problem: { code: 'stuck', message: expect.stringContaining('Updating') } })
  expect(clock.now() - ((await record())?.begunAt ?? 0)).toBeGreaterThan(200_000)
})

test('a day in which the app was down does not make a step stuck', async () => {
  const first = await look()
  clock.advance(86_400_000)
  const second = await look(first)
  expect(second).toMatchObject({ state: 'pending' })
  clock.advance(1000)
  expect(await look(second)).toMatchObject({ state: 'pending' })
})

test('an hour in which Azure does not answer does not make a step stuck, and one without end is given up on', async () => {
  const silence = new ProblemError({ code: 'transient', message: 'connect ECONNREFUSED', retryable: true })
  const first = await look()
  answer = throws(silence)
  const begun = clock.now()
  let latest = await look(onTime(first))
  while (latest.state === 'pending' && clock.now() - begun < 3_600_000 / workshop.services.settings.clockSpeed)
    latest = await look(onTime(latest))
  expect(latest).toMatchObject({ state: 'pending' })
  expect(await lookToTheEnd(latest)).toMatchObject({
    state: 'failed',
    problem: { code: 'stuck', message: expect.stringContaining('ECONNREFUSED') },
  })
})

test('a pause that Azure asks for does not make a step stuck', async () => {
  const first = await look()
  answer = throws(new ProblemError({ code: 'throttled', message: 'Not now.', retryable: true, retryAfter: 3600 }))
  const paused = await look(onTime(first))
  answer = () => pending()
  expect(await look(onTime(paused))).toMatchObject({ state: 'pending' })
})

test('runs that were short, as those that a crash cut in two, do not cut off the next one', async () => {
  const { plans } = operationStore(workshop.services.tables)
  await plans.upsert(operation, PLAN_ROW, step(STEP, 1))
  await lookToTheEnd()
  expect(clock.now() - ((await record())?.begunAt ?? 0)).toBeGreaterThan(200_000)
})

test('a cancel is noticed at the next look, also before Azure would be asked', async () => {
  const first = await look()
  await change({ state: 'cancelling', cancel: { by: 'test', undo: true, at: 0 } })
  expect(await look(first)).toEqual({ state: 'cancelled' })
  expect(calls).toEqual(['begin'])
})

test('the orchestration of an earlier attempt does nothing any more', async () => {
  await change({ attempt: 2 })
  expect(await look()).toEqual({ state: 'cancelled' })
  expect(calls).toEqual([])
})

test('a step that failed begins afresh in the next attempt', async () => {
  answer = () => failed({ code: 'quota', message: 'No cores left.', retryable: false })
  await look()
  clock.advance(60_000)
  await change({ attempt: 2 })
  answer = () => pending()
  expect(await look(undefined, 2)).toMatchObject({ state: 'pending', nap: 9 })
  expect(await record()).toEqual({ id: STEP, kind: 'toy', state: 'running', attempt: 2, begunAt: clock.now() })
})

test('a step that this version does not know fails with what to do', async () => {
  const unknowing = { ...workshop, kinds: { ...workshop.kinds, steps: byKind<never>() } }
  expect(await lookAtStep(unknowing, question())).toMatchObject({ state: 'failed', problem: { code: 'unsupported' } })
})

describe('taking back', () => {
  const back = (before?: StepLook) => undoStep(workshop, question(before))
  const cancel = () => change({ state: 'cancelling', cancel: { by: 'test', undo: true, at: 0 } })

  test('what was begun is undone, looked at until it is gone', async () => {
    await look()
    await cancel()
    const first = await back()
    expect(await record()).toMatchObject({ state: 'undoing' })
    answer = done
    clock.advance(10_000)
    expect(await back(first)).toEqual({ state: 'done' })
    expect(await record()).toMatchObject({ state: 'undone' })
    expect(calls).toEqual(['begin', 'undo', 'undo'])
  })

  test('what never began needs no undoing', async () => {
    await cancel()
    expect(await back()).toEqual({ state: 'done' })
    expect(calls).toEqual([])
  })

  test('a step kind that makes nothing is left as it is', async () => {
    answer = done
    await look()
    await cancel()
    const { undo: _, ...lasting } = toy
    const steps = byKind([lasting])
    expect(await undoStep({ ...workshop, kinds: { ...workshop.kinds, steps } }, question())).toEqual({ state: 'done' })
    expect(await record()).toMatchObject({ state: 'done' })
  })

  test('it stops when another operation takes over', async () => {
    await look()
    await change({ state: 'cancelling', cancel: { by: 'test', undo: false, at: 0 } })
    expect(await back()).toEqual({ state: 'cancelled' })
    expect(calls).toEqual(['begin'])
  })
})
