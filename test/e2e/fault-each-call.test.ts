import { type ClusterWorld, clusterWorld } from '../cluster-world.ts'
import { type Books, openBooks } from './sweep/books.ts'
import { bring, remove } from './sweep/journey.ts'

let world: ClusterWorld
let books: Books
/** What ARM is asked for to create and delete a cluster. */
let operations: readonly string[]

const life = async (name: string) => remove({ api: world.api, books }, name, await bring({ api: world.api, books }, name))

beforeAll(async () => {
  world = await clusterWorld({ speed: 500 })
  const { cloud, storage } = world
  books = await openBooks({ state: async () => cloud.state(), storage })
  await life('untroubled')
  operations = Object.keys(cloud.state().requests as object).filter((operation) => operation.startsWith('Microsoft.'))
}, 60_000)
afterAll(() => world?.end())

describe.each([
  ['throttled', { fault: 'throttle', retryAfter: 0.1 }],
  ['answered with an error', { fault: 'error', status: 503 }],
  ['cut off before anything is done', { fault: 'reset' }],
  ['carried out, and its answer lost', { fault: 'lost-response' }],
])('%s', (_what, fault) => {
  test.each([1, 2])(
    'call %i of every operation: the cluster runs and goes as if nothing had been',
    async (nth) => {
      const { cloud } = world
      cloud.setFaults({ rules: operations.map((operation) => ({ match: { operation, nth }, ...fault })) })
      await life(`${fault.fault.slice(0, 4)}-${nth}`)
      const { faults } = cloud.state() as { faults: { seen: number; struck: number }[] }
      const missed = operations.filter((_, index) => (faults[index]?.seen ?? 0) >= nth && faults[index]?.struck !== 1)
      expect(missed).toEqual([])
    },
    30_000,
  )
})
