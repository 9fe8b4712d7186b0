import type { FakeClock } from '../../../local/clock.ts'
import { beginOperation } from '../../../shared/operations/begin-operation.ts'
import { cancelOperation } from '../../../shared/operations/cancel-operation.ts'
import { endOperation } from '../../../shared/operations/end-operation.ts'
import { byKind } from '../../../shared/operations/kinds.ts'
import type { Operation } from '../../../shared/operations/operation.ts'
import { orchestrationId } from '../../../shared/operations/operation-id.ts'
import { findOperation } from '../../../shared/operations/operations.ts'
import type { OrchestrationStatus, Orchestrations } from '../../../shared/operations/orchestrations.ts'
import { retryOperation } from '../../../shared/operations/retry-operation.ts'
import { type OperationRequest, startOperation } from '../../../shared/operations/start-operation.ts'
import { ACTIVE, operationStore, PLAN_ROW } from '../../../shared/operations/store.ts'
import { type Findings, judge, watchOperations } from '../../../shared/operations/watchdog.ts'
import { createWorkshop, type Workshop } from '../../../shared/operations/workshop.ts'
import { ProblemError } from '../../../shared/problem.ts'
import type { Services } from '../../../shared/services.ts'
import { azurite } from '../../azurite.ts'
import { step } from './plans.ts'
import { testServices } from './test-services.ts'
import { claimToy, toyKind, toyTable } from './toy-kind.ts'

let clock: FakeClock
let services: Services
let workshop: Workshop
let clusters = 0
let durable: Map<string, OrchestrationStatus>
let isDurableAway = false

/** Orchestrations that are started and never get anywhere by themselves. */
const orchestrations: Orchestrations = {
  async start(_name, id) {
    if (isDurableAway) throw new Error('away')
    durable.set(id, 'running')
  },
  status: async (id) => durable.get(id) ?? 'missing',
  purge: async () => undefined,
}

beforeEach(() => {
  const made = testServices(azurite().connectionString)
  clock = made.clock
  services = made.services
  const kinds = { steps: byKind<never>(), operations: byKind([toyKind('build', 'undo')]) }
  workshop = createWorkshop(services, kinds)
  durable = new Map()
  isDurableAway = false
})

const request = (): OperationRequest => ({
  subject: { type: 'cluster', id: `cluster-${++clusters}` },
  kind: 'build',
  title: 'Build',
  plan: step('a'),
  requestedBy: 'test',
})
const start = (claim = ({ subject, id }: Operation) => claimToy(services, subject.id, id), what = request()) =>
  startOperation(services, orchestrations, what, claim)
const watch = () => watchOperations(workshop, orchestrations)
const find = ({ id }: Operation) => findOperation(services, id)
const attemptOf = ({ id, attempt }: Operation) => ({ operation: id, attempt })
const active = async () => (await operationStore(services.tables).active.list(ACTIVE)).items.map(({ row }) => row)
const end = (operation: Operation, state: 'done' | 'cancelled') =>
  endOperation(workshop, { ...attemptOf(operation), outcome: { state }, undone: false })
const minutes = (count: number) => clock.advance(count * 60_000)

test('a claimed operation whose start failed is started by the watchdog, under its own id', async () => {
  isDurableAway = true
  const operation = await start()
  expect(durable.size).toBe(0)
  isDurableAway = false
  await watch()
  expect([...durable]).toEqual([[operation.id, 'running']])
})

test('an operation that runs is left alone', async () => {
  const operation = await start()
  await beginOperation(workshop, attemptOf(operation))
  await watch()
  expect([...durable.keys()]).toEqual([operation.id])
  expect(await find(operation)).toMatchObject({ attempt: 1, state: 'running' })
})

test.each(['failed', 'terminated', 'completed', 'missing'] as const)(
  'an orchestration that is %s before its operation has ended gets a successor',
  async (status) => {
    const operation = await start()
    await beginOperation(workshop, attemptOf(operation))
    if (status === 'missing') durable.clear()
    else durable.set(operation.id, status)
    await watch()
    expect(durable.get(orchestrationId(operation.id, 2))).toBe('running')
    expect(await beginOperation(workshop, attemptOf(operation))).toEqual({ next: 'stale' })
  },
)

test('a claim that is refused leaves nothing behind', async () => {
  const busy = new ProblemError({ code: 'conflict', message: 'Busy.', retryable: false })
  const what = request()
  await expect(start(() => Promise.reject(busy), what)).rejects.toBe(busy)
  expect(await active()).toEqual([])
  expect((await operationStore(services.tables).operations.list(what.subject.id)).items).toEqual([])
})

test('a claim that broke off is cleared up after a while when it did not come through', async () => {
  const lost = new ProblemError({ code: 'transient', message: 'Lost.', retryable: true })
  const what = request()
  await expect(start(() => Promise.reject(lost), what)).rejects.toBe(lost)
  await watch()
  expect(await active()).toHaveLength(1)
  minutes(4)
  await watch()
  expect(await active()).toEqual([])
  const [left] = (await operationStore(services.tables).operations.list(what.subject.id)).items
  expect(left?.value).toMatchObject({ state: 'cancelled' })
})

test('a claim that broke off and came through is run', async () => {
  const what = request()
  const claim = async ({ subject, id }: Operation) => {
    await claimToy(services, subject.id, id)
    throw new ProblemError({ code: 'transient', message: 'Lost.', retryable: true })
  }
  await expect(start(claim, what)).rejects.toThrow('Lost.')
  await watch()
  expect(durable.size).toBe(1)
})

test('an entry without an operation is forgotten after a while, with its plan', async () => {
  const store = operationStore(services.tables)
  const id = 'cluster_0123456789abcdef0123'
  await store.plans.insert(id, PLAN_ROW, step('a'))
  await store.active.insert(ACTIVE, id, { since: clock.now() / 1000 })
  await watch()
  expect(await active()).toHaveLength(1)
  expect(await store.plans.get(id, PLAN_ROW)).toBeDefined()
  minutes(4)
  await watch()
  expect(await active()).toEqual([])
  expect(await store.plans.get(id, PLAN_ROW)).toBeUndefined()
})

test('an operation settles its cluster once, also when its end is told twice', async () => {
  const operation = await start()
  await end(operation, 'done')
  await end(operation, 'cancelled')
  expect(await find(operation)).toMatchObject({ state: 'succeeded' })
  expect((await toyTable(services).get('toy', operation.subject.id))?.value).toEqual({ ended: 'done', settled: 1 })
})

test('a late end of an earlier attempt does not touch the retry', async () => {
  const operation = await start()
  await end(operation, 'cancelled')
  const retried = await retryOperation(services, orchestrations, workshop.kinds, operation.id, 'test')
  await end(operation, 'cancelled')
  expect(await find(retried)).toMatchObject({ state: 'pending', attempt: 2 })
  expect(await active()).toEqual([operation.id])
})

test('of two who retry at once one gets through', async () => {
  const operation = await start()
  await end(operation, 'cancelled')
  const retry = () => retryOperation(services, orchestrations, workshop.kinds, operation.id, 'test')
  const results = await Promise.allSettled([retry(), retry()])
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(await find(operation)).toMatchObject({ state: 'pending', attempt: 2 })
})

test('a retry while another operation has the cluster is refused, and the operation stays as it ended', async () => {
  const operation = await start()
  await end(operation, 'cancelled')
  await start(undefined, { ...request(), subject: operation.subject })
  await expect(retryOperation(services, orchestrations, workshop.kinds, operation.id, 'test')).rejects.toThrow('busy')
  expect(await find(operation)).toMatchObject({ state: 'cancelled' })
})

test('an operation that never began is ended at once by the one that supersedes it', async () => {
  const first = await start()
  const what = { ...request(), subject: first.subject, supersedes: first.id }
  const second = await start(({ subject, id }) => claimToy(services, subject.id, id, first.id), what)
  expect(await beginOperation(workshop, attemptOf(second))).toMatchObject({ next: 'go' })
  expect(await find(first)).toMatchObject({ state: 'cancelled' })
  expect((await toyTable(services).get('toy', first.subject.id))?.value).toMatchObject({ activeOperation: second.id })
})

test('one that superseded another waits until that has ended, and spares it the undo', async () => {
  const first = await start()
  await beginOperation(workshop, attemptOf(first))
  await cancelOperation(services, workshop.kinds, first.id, 'test')
  const what = { ...request(), subject: first.subject, supersedes: first.id }
  const second = await start(({ subject, id }) => claimToy(services, subject.id, id, first.id), what)
  expect(await beginOperation(workshop, attemptOf(second))).toMatchObject({ next: 'wait' })
  expect(await find(first)).toMatchObject({ state: 'cancelling', cancel: { undo: false } })
  await end(first, 'cancelled')
  expect(await beginOperation(workshop, attemptOf(second))).toMatchObject({ next: 'go' })
})

test('an operation that breaks down again and again is given up, and its cluster settled', async () => {
  const operation = await start()
  for (let attempt = 1; attempt <= 30; attempt++) {
    durable.set(orchestrationId(operation.id, attempt), 'failed')
    await watch()
  }
  expect(await find(operation)).toMatchObject({ state: 'failed', problem: { code: 'stuck' } })
  expect((await toyTable(services).get('toy', operation.subject.id))?.value).toMatchObject({ ended: 'failed' })
})

test('the watchdog judges every finding', () => {
  const statuses = ['missing', 'running', 'completed', 'failed', 'terminated'] as const
  const base = {
    id: 'c_0',
    subject: { type: 'cluster', id: 'c' } as const,
    kind: 'k',
    title: '',
    attempt: 1,
    requestedBy: '',
    createdOn: 0,
  }
  const table = (state: Operation['state'], age: number, claimed: boolean) =>
    statuses.map((status) => judge({ operation: { ...base, state }, age, claimed, status } satisfies Findings))
  expect(table('pending', 0, true)).toEqual(['start', 'leave', 'restart', 'restart', 'restart'])
  expect(table('pending', 0, false)).toEqual(['leave', 'leave', 'restart', 'restart', 'restart'])
  expect(table('pending', 181, false)).toEqual(['abandon', 'leave', 'restart', 'restart', 'restart'])
  for (const state of ['running', 'cancelling'] as const) {
    expect(table(state, 0, false)).toEqual(['restart', 'leave', 'restart', 'restart', 'restart'])
  }
  for (const state of ['succeeded', 'failed', 'cancelled'] as const) {
    expect(table(state, 0, false)).toEqual(statuses.map(() => 'leave'))
    expect(table(state, 181, false)).toEqual(statuses.map(() => 'forget'))
  }
})
