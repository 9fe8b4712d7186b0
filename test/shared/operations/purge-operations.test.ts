import type { FakeClock } from '../../../local/clock.ts'
import { endOperation } from '../../../shared/operations/end-operation.ts'
import { byKind } from '../../../shared/operations/kinds.ts'
import type { Operation } from '../../../shared/operations/operation.ts'
import { newOperationId } from '../../../shared/operations/operation-id.ts'
import { retried } from '../../../shared/operations/operation-state.ts'
import { changeOperation, findOperation } from '../../../shared/operations/operations.ts'
import { purgeOperations } from '../../../shared/operations/purge-operations.ts'
import { operationStore, PLAN_ROW } from '../../../shared/operations/store.ts'
import { createWorkshop } from '../../../shared/operations/workshop.ts'
import type { Services } from '../../../shared/services.ts'
import { azurite } from '../../azurite.ts'
import { step } from './plans.ts'
import { testServices } from './test-services.ts'

const DAY = 86_400_000
let services: Services
let clock: FakeClock

beforeEach(() => {
  ;({ services, clock } = testServices(azurite().connectionString))
})

async function ended(): Promise<string> {
  const id = newOperationId('cluster', clock.now())
  const { operations, plans, steps } = operationStore(services.tables)
  const row: Operation = {
    id,
    subject: { type: 'cluster', id: 'cluster' },
    kind: 'build',
    title: '',
    state: 'running',
    attempt: 1,
    requestedBy: '',
    createdOn: 0,
  }
  await operations.insert('cluster', id, row)
  await plans.insert(id, PLAN_ROW, step('a'))
  await steps.insert(id, 'a', { id: 'a', kind: 'toy', state: 'done', attempt: 1, begunAt: 0, endedAt: 1 })
  await end(id, 1)
  return id
}

const end = (operation: string, attempt: number) =>
  endOperation(createWorkshop(services, { steps: byKind<never>(), operations: byKind<never>() }), {
    operation,
    attempt,
    outcome: { state: 'done' },
    undone: false,
  })

async function isThere(id: string): Promise<boolean[]> {
  const { plans, steps } = operationStore(services.tables)
  return [!!(await findOperation(services, id)), !!(await plans.get(id, PLAN_ROW)), !!(await steps.get(id, 'a'))]
}

test('what ended longer ago than operations are kept is removed whole, the rest stays', async () => {
  const old = await ended()
  clock.advance(2 * DAY)
  const young = await ended()
  clock.advance(89 * DAY)
  expect(await purgeOperations(services)).toBe(1)
  expect(await isThere(old)).toEqual([false, false, false])
  expect(await isThere(young)).toEqual([true, true, true])
  expect(await purgeOperations(services)).toBe(0)
})

test('an operation that was retried is kept from its last end on, and one that runs is never removed', async () => {
  const [again, running] = [await ended(), await ended()]
  clock.advance(50 * DAY)
  for (const id of [again, running]) await changeOperation(services, id, (operation) => retried(operation, ''))
  await end(again, 2)
  clock.advance(50 * DAY)
  expect(await purgeOperations(services)).toBe(0)
  expect(await findOperation(services, running)).toMatchObject({ state: 'pending' })
  clock.advance(50 * DAY)
  expect(await purgeOperations(services)).toBe(1)
  expect(await findOperation(services, again)).toBeUndefined()
})
