import type { FakeClock } from '../../../local/clock.ts'
import { reconcileLedger } from '../../../shared/operations/reconcile-ledger.ts'
import { resourceLedger } from '../../../shared/operations/resource-ledger.ts'
import type { Services } from '../../../shared/services.ts'
import { azurite } from '../../azurite.ts'
import { testServices } from './test-services.ts'

let services: Services & { readonly logged: string[] }
let clock: FakeClock
const DISK = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks/demo'

beforeEach(() => {
  ;({ services, clock } = testServices(azurite().connectionString))
})

const ledger = (operation = 'one') => resourceLedger(services, 'cluster', operation)
const states = async () => (await ledger().list()).map(({ armId, state, operationId }) => [armId, state, operationId])

test('a resource goes from intended over created to gone, under the id that was first written', async () => {
  await ledger().intend(DISK)
  expect(await states()).toEqual([[DISK, 'intended', 'one']])
  await ledger('two').created(DISK.toUpperCase())
  expect(await states()).toEqual([[DISK, 'created', 'one']])
  await ledger('two').gone(DISK.toLowerCase())
  expect(await states()).toEqual([[DISK, 'gone', 'one']])
})

test('what was created stays so when it is intended once more, and what is gone can come back', async () => {
  await ledger().created(DISK)
  await ledger().intend(DISK)
  expect(await states()).toEqual([[DISK, 'created', 'one']])
  await ledger().gone(DISK)
  await ledger().intend(DISK)
  expect(await states()).toEqual([[DISK, 'intended', 'one']])
})

test('two who write at once both come through', async () => {
  await Promise.all(Array.from({ length: 8 }, (_, index) => (index % 2 ? ledger().created(DISK) : ledger().intend(DISK))))
  expect(await states()).toEqual([[DISK, 'created', 'one']])
})

test('a cluster with more resources than one page holds is listed whole', async () => {
  await Promise.all(Array.from({ length: 1100 }, (_, index) => ledger().intend(`${DISK}-${index}`)))
  expect(await ledger().list()).toHaveLength(1100)
}, 60_000)

test('what Azure has with our tags and the ledger lacks is entered', async () => {
  await ledger().intend(DISK)
  const found = [DISK.toUpperCase(), `${DISK}-lost`].map((armId) => ({ armId, subjectId: 'cluster', operationId: 'one' }))
  await reconcileLedger(services, [...found, { armId: DISK, subjectId: 'not/ours', operationId: 'one' }])
  expect((await states()).toSorted()).toEqual([
    [DISK, 'intended', 'one'],
    [`${DISK}-lost`, 'created', 'one'],
  ])
  expect(services.logged.join()).toContain('disks/demo-lost')
})

test('what is gone is believed to be gone until Azure still lists it minutes later', async () => {
  const found = [{ armId: DISK, subjectId: 'cluster', operationId: 'one' }]
  await ledger().gone(DISK)
  await reconcileLedger(services, found)
  expect(await states()).toEqual([[DISK, 'gone', 'one']])
  clock.advance(61_000)
  await reconcileLedger(services, found)
  expect(await states()).toEqual([[DISK, 'created', 'one']])
})
