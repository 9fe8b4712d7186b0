import { priceOf } from '../../../shared/prices/price-of.ts'
import { priceTable } from '../../../shared/prices/price-table.ts'
import { draftedCluster } from '../clusters/drafts.ts'

const machine = (instanceType: string, diskSize = 256) => ({ head: { instanceType, diskSize, haEnabled: false }, workers: [] })
const priced = (changes: Readonly<Record<string, unknown>>) => priceOf(draftedCluster(changes))

test('a cluster costs its machines, disks and address; a stopped one its disks and address', () => {
  const price = priced({ clusterConfiguration: machine('Standard_D8s_v4', 512), attachPublicIP: false })
  const lines = new Map(price.lines.map(({ what, perMonth }) => [what, perMonth]))
  expect(lines.get('Standard_D8s_v4')).toBeCloseTo(8 * 0.048 * 1.115 * 730, 2)
  expect(lines.get('premium disk of 512 GB')).toBeGreaterThan(0)
  expect(price.perMonth).toBeCloseTo(
    price.lines.reduce((sum, { perMonth }) => sum + (perMonth ?? 0), 0),
    1,
  )
  expect(price.perMonthStopped).toBeLessThan(price.perMonth)
  expect(price).toMatchObject({ estimate: true, complete: true, date: priceTable.date, source: priceTable.source })
})

test('workers cost nothing while the cluster is stopped', () => {
  const workers = [{ instanceType: 'Standard_D4s_v4', diskSize: 512, count: 3 }]
  const without = priced({ clusterConfiguration: machine('Standard_D4s_v4') })
  const withWorkers = priced({ clusterConfiguration: { ...machine('Standard_D4s_v4'), workers } })
  expect(withWorkers.perMonthStopped).toBe(without.perMonthStopped)
  expect(withWorkers.perMonth).toBeGreaterThan(without.perMonth)
})

test('what the table does not know has no price, and the sum says that it is not whole', () => {
  const price = priced({ clusterConfiguration: machine('Standard_X99') })
  expect(price).toMatchObject({ complete: false, unknown: ['Standard_X99'] })
  expect(price.lines).toContainEqual({ what: 'Standard_X99', count: 1, perMonth: null })
})

test('a spot machine counts at the highest price that is allowed for it', () => {
  const worker = { instanceType: 'Standard_D4s_v4', diskSize: 0, count: 1 }
  const line = (spotInfo?: object) =>
    priced({ clusterConfiguration: { ...machine('Standard_E4s_v4'), workers: [{ ...worker, ...(spotInfo && { spotInfo }) }] } }).lines.find(
      ({ what }) => what.startsWith('Standard_D4s_v4'),
    )?.perMonth
  expect(line({ maxPrice: 50 })).toBeCloseTo((line() ?? 0) / 2, 1)
})

test('a cluster costs what its location asks, and where that is not known the answer names whose prices it gives', () => {
  const at = (location: string) => priced({ location, clusterConfiguration: machine('Standard_D4s_v5') })
  expect(at('northeurope').location).toBe('northeurope')
  expect(at('northeurope').perMonth).toBeGreaterThan(at('eastus').perMonth)
  expect(at('moonbase')).toMatchObject({ location: priceTable.location, perMonth: at('eastus').perMonth })
})
