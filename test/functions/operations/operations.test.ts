import { realClock } from '../../../shared/clock.ts'
import { cancelOperation } from '../../../shared/operations/cancel-operation.ts'
import { type AnyStepKind, byKind } from '../../../shared/operations/kinds.ts'
import { hasEnded, type Operation } from '../../../shared/operations/operation.ts'
import { orchestrationId } from '../../../shared/operations/operation-id.ts'
import { findOperation } from '../../../shared/operations/operations.ts'
import { done, failed, pending } from '../../../shared/operations/outcome.ts'
import { type Plan, parallel, sequence } from '../../../shared/operations/plan.ts'
import { readOperation } from '../../../shared/operations/read-operation.ts'
import { ACTIVE, operationStore } from '../../../shared/operations/store.ts'
import type { OperationView, ShownNode } from '../../../shared/operations/wire.ts'
import type { Problem } from '../../../shared/problem.ts'
import type { Services } from '../../../shared/services.ts'
import { azurite } from '../../azurite.ts'
import { type TestHost, testHost } from '../../local/host/test-host.ts'
import { servicesOf, testSettings } from '../../shared/operations/test-services.ts'
import { toyKind, toyTable } from '../../shared/operations/toy-kind.ts'
import { until } from '../../until.ts'
import { buildTestApp, discardTestApp } from './test-app.ts'
import { type ToyAzure, toyAzure } from './toy-azure.ts'

const kinds = { steps: byKind<AnyStepKind>(), operations: byKind([toyKind('build', 'undo'), toyKind('destroy')]) }
const quota: Problem = { code: 'quota', message: 'No cores left.', retryable: false }

const KEY = `swk_${'k'.repeat(43)}`

let app: string
let azure: ToyAzure
let host: TestHost
let settings: Record<string, string>
let services: Services
let clusters = 0

beforeAll(async () => {
  app = await buildTestApp()
  azure = await toyAzure()
  settings = { ...testSettings(azurite().connectionString), TOY_AZURE: azure.url, SLIPWAY_FIRST_KEY: KEY }
  services = servicesOf(settings, realClock)
  host = await testHost({ app, settings })
})
afterAll(() => {
  azure.close()
  discardTestApp(app)
})

const make = (id: string): Plan => ({ type: 'step', id, kind: 'toy.make', title: id, args: { id }, seconds: 1, touches: [] })
interface Payload {
  readonly operation: OperationView
  readonly operations: readonly OperationView[]
  readonly continuation?: string
}

const newCluster = () => `cluster-${++clusters}`

async function start(plan: Plan, more: object = {}): Promise<Operation> {
  const body = JSON.stringify({
    subject: { type: 'cluster', id: newCluster() },
    kind: 'build',
    title: 'Build',
    plan,
    requestedBy: 'test',
    ...more,
  })
  const response = await host.get('/api/start', { method: 'POST', body })
  if (!response.ok) throw new Error(`start answered ${response.status}`)
  return (await response.json()) as Operation
}

/** As a caller with a key; answers the status, the headers and the payload or the problem. */
async function call(method: 'GET' | 'POST', path: string) {
  const response = await host.get(`/api/${path}`, { method, headers: { 'x-api-key': KEY } })
  const { payload, error } = (await response.json()) as { payload: Payload; error?: Problem }
  return { status: response.status, headers: response.headers, payload, error }
}

const ended = (operation: Pick<Operation, 'id' | 'attempt'>) =>
  until(async () => {
    const now = await findOperation(services, operation.id)
    return now && hasEnded(now) && now.attempt >= operation.attempt ? now : undefined
  })

const called = (call: string) => until(() => azure.calls.includes(call))

/** Step id → state, as a caller sees them. */
async function states({ id }: Operation): Promise<Record<string, string>> {
  const flat = (node: ShownNode): [string, string][] => (node.type === 'step' ? [[node.id, node.state]] : node.nodes.flatMap(flat))
  return Object.fromEntries(flat((await readOperation(services, kinds, id)).steps))
}

const toy = async ({ subject }: Operation) => (await toyTable(services).get('toy', subject.id))?.value

test('a plan is run in its order, its cluster is settled, and nothing is left to watch', async () => {
  azure.answer('a2', (verb, call) => ({ look: verb === 'begin' || call < 3 ? pending() : done() }))
  const operation = await start(
    sequence('all', make('a1'), parallel('both', make('a2'), sequence('inner', make('a3'), make('a4'))), make('a5')),
  )
  expect(await ended(operation)).toMatchObject({ state: 'succeeded', attempt: 1, requestedBy: 'test' })
  expect(await states(operation)).toEqual({ a1: 'done', a2: 'done', a3: 'done', a4: 'done', a5: 'done' })
  const calls = azure.calls.filter((call) => / a\d/.test(call))
  expect([calls[0], calls.at(-1)]).toEqual(['begin a1', 'begin a5'])
  expect(calls.filter((call) => call === 'check a2')).toHaveLength(3)
  expect(await toy(operation)).toEqual({ ended: 'done', settled: 1 })
  await until(async () => !(await operationStore(services.tables).active.get(ACTIVE, operation.id)))
})

test('a failure lets its siblings settle, and a retry goes on from there', async () => {
  let isFixed = false
  azure.answer('b1', () => ({ look: isFixed ? done() : failed(quota) }))
  azure.answer('b2', (verb, call) => ({ look: verb === 'begin' || call < 3 ? pending() : done() }))
  const operation = await start(sequence('all', parallel('both', make('b1'), make('b2')), make('b3')))
  expect(await ended(operation)).toMatchObject({ state: 'failed', problem: quota, failedStep: 'b1' })
  expect(await states(operation)).toEqual({ b1: 'failed', b2: 'done', b3: 'waiting' })

  isFixed = true
  const { status, headers, payload } = await call('POST', `operations/${operation.id}/retry`)
  expect([status, headers.get('operation-location')]).toEqual([202, `/api/operations/${operation.id}`])
  expect(await ended(payload.operation)).toMatchObject({ state: 'succeeded', attempt: 2 })
  expect(azure.calls.filter((call) => call.endsWith(' b2') && call.startsWith('begin'))).toHaveLength(1)
  expect(await states(operation)).toEqual({ b1: 'done', b2: 'done', b3: 'done' })
})

test('what Azure refuses for the moment is tried again', async () => {
  const busy: Problem = { code: 'throttled', message: 'Too many requests.', retryable: true, retryAfter: 0.1 }
  azure.answer('c1', (_verb, call) => (call < 3 ? { problem: busy } : { look: done() }))
  const operation = await start(make('c1'))
  expect(await ended(operation)).toMatchObject({ state: 'succeeded' })
  expect(azure.calls.filter((call) => call.endsWith(' c1'))).toEqual(['begin c1', 'begin c1', 'begin c1'])
})

test('a cancel takes back what was begun, last things first', async () => {
  azure.answer('d2', (verb) => ({ look: verb === 'undo' ? done() : pending() }))
  azure.answer('d3', (verb, call) => ({ look: verb === 'undo' && call < 2 ? pending() : done() }))
  const operation = await start(sequence('all', make('d1'), parallel('both', make('d2'), make('d3')), make('d4')))
  await called('check d2')
  const { status, payload } = await call('POST', `operations/${operation.id}/cancel`)
  expect([status, payload.operation.state]).toEqual([202, 'cancelling'])
  expect(await ended(operation)).toMatchObject({ state: 'cancelled' })
  expect(await states(operation)).toEqual({ d1: 'undone', d2: 'undone', d3: 'undone', d4: 'waiting' })
  const undone = azure.calls.filter((call) => /^undo d/.test(call))
  expect(undone.at(-1)).toBe('undo d1')
  expect(undone).toHaveLength(4)
  expect(await toy(operation)).toMatchObject({ ended: 'cancelled' })
})

test('an operation that supersedes another waits until that has settled, and undoes nothing', async () => {
  azure.answer('e1', () => ({ look: pending() }))
  const first = await start(make('e1'))
  await called('check e1')
  const second = await start(make('e2'), { subject: first.subject, kind: 'destroy', supersedes: first.id })
  expect(await ended(second)).toMatchObject({ state: 'succeeded' })
  expect(await findOperation(services, first.id)).toMatchObject({ state: 'cancelled' })
  expect(azure.calls).not.toContain('undo e1')
  expect(await states(first)).toEqual({ e1: 'interrupted' })
})

test('a busy cluster refuses a second operation and leaves no trace of it', async () => {
  azure.answer('f1', (verb) => ({ look: verb === 'undo' ? done() : pending() }))
  const first = await start(make('f1'))
  await expect(start(make('f2'), { subject: first.subject })).rejects.toThrow('500')
  const { items } = await operationStore(services.tables).operations.list(first.subject.id)
  expect(items.map(({ row }) => row)).toEqual([first.id])
  await cancelOperation(services, kinds, first.id, 'test')
  await ended(first)
})

test('a long wait starts its history over and goes on where it was', async () => {
  azure.answer('g2', (verb, call) => ({ look: verb === 'check' && call > 60 ? done() : pending({ retryAfter: 0.05 }) }))
  const operation = await start(sequence('all', make('g1'), make('g2'), make('g3')))
  expect(await ended(operation)).toMatchObject({ state: 'succeeded' })
  expect(azure.calls.filter((call) => /^begin g/.test(call))).toEqual(['begin g1', 'begin g2', 'begin g3'])
})

test('an operation is shown while it runs: progress, expected end, steps and what may be done', async () => {
  azure.answer('j2', (verb) => ({ look: verb === 'undo' ? done() : pending({ note: 'Updating' }) }))
  const operation = await start(sequence('all', make('j1'), make('j2')))
  await called('check j2')
  const { payload } = await call('GET', `operations/${operation.id}`)
  expect(payload.operation).toMatchObject({ id: operation.id, state: 'running', requestedBy: 'test' })
  expect(payload.operation.progress).toBeGreaterThan(0.4)
  expect(payload.operation.eta).toBeGreaterThanOrEqual(operation.createdOn)
  expect(JSON.stringify(payload.operation.steps)).toContain('"note":"Updating"')
  const refused = await call('POST', `operations/${operation.id}/retry`)
  expect([refused.status, refused.error?.message]).toEqual([409, 'The operation has not ended.'])
  await call('POST', `operations/${operation.id}/cancel`)
  await ended(operation)
})

test('the operations of a cluster are listed newest first, page by page', async () => {
  const first = await start(make('k1'))
  await ended(first)
  const second = await start(make('k2'), { subject: first.subject })
  await ended(second)
  const { payload } = await call('GET', `clusters/${first.subject.id}/operations?limit=1`)
  expect(payload.operations.map(({ id }) => id)).toEqual([second.id])
  const rest = await call('GET', `clusters/${first.subject.id}/operations?continuation=${payload.continuation}`)
  expect(rest.payload.operations.map(({ id }) => id)).toEqual([first.id])
})

test.each(['operations/nonsense', 'operations/cluster-1_0123456789abcdef0123', 'clusters/nobody/operations'])(
  '%s is not found',
  async (path) => {
    const { status, error } = await call('GET', path)
    expect([status, error?.code]).toEqual([404, 'not-found'])
  },
)

test('the watchdog runs an operation on whose orchestration was ended from outside', async () => {
  let isReady = false
  azure.answer('h2', () => ({ look: isReady ? done() : pending() }))
  const operation = await start(sequence('all', make('h1'), make('h2')))
  await called('check h2')
  const durable = `/runtime/webhooks/durabletask/instances/${orchestrationId(operation.id, 1)}/terminate?reason=test`
  expect((await host.get(durable, { method: 'POST' })).status).toBe(202)
  isReady = true
  await until(async () => {
    await host.run('operations-watchdog')
    return ((await findOperation(services, operation.id))?.attempt ?? 0) > 1
  })
  expect(await ended(operation)).toMatchObject({ state: 'succeeded', attempt: 2 })
  expect(azure.calls.filter((call) => call === 'begin h1')).toHaveLength(1)
})

test('a purge forgets the orchestrations of what has ended, and no others', async () => {
  azure.answer('l2', (verb) => ({ look: verb === 'undo' ? done() : pending() }))
  const [over, running] = [await start(make('l1')), await start(make('l2'))]
  await ended(over)
  await called('check l2')
  const found = async ({ id }: Operation) => (await host.get(`/runtime/webhooks/durabletask/instances/${id}`)).status
  await until(async () => (await found(over)) === 200)
  expect((await host.get('/api/purge', { method: 'POST' })).status).toBe(204)
  expect([await found(over), await found(running)]).toEqual([404, 202])
  expect(await states(over)).toEqual({ l1: 'done' })
  await call('POST', `operations/${running.id}/cancel`)
  expect(await ended(running)).toMatchObject({ state: 'cancelled' })
})

test('a host that is killed in the middle of a step goes on after its next start', async () => {
  let isReady = false
  azure.answer('i2', () => ({ look: isReady ? done() : pending() }))
  const operation = await start(sequence('all', make('i1'), parallel('both', make('i2'), make('i3')), make('i4')))
  await called('check i2')
  host.kill()
  isReady = true
  host = await testHost({ app, settings })
  expect(await ended(operation)).toMatchObject({ state: 'succeeded' })
  expect(await states(operation)).toEqual({ i1: 'done', i2: 'done', i3: 'done', i4: 'done' })
}, 120_000)
