import { type ClusterWorld, clusterWorld } from '../cluster-world.ts'
import { openBooks } from './sweep/books.ts'
import { everySeventh } from './sweep/every-seventh.ts'
import { journey } from './sweep/journey.ts'
import { choices, tell } from './sweep/seed.ts'

let world: ClusterWorld
afterEach(() => world?.end())

const SPEED = 400
/** Lives of clusters side by side, and one after the other. */
const LANES = 3
const LIVES = 2

test('every seventh answer of Azure is an error or gets lost: every operation ends as asked, each resource is made once, the ledger is right', async () => {
  const { seed, between } = choices()
  world = await clusterWorld({ speed: SPEED, seed: between(1, 2 ** 31) })
  const { api, cloud, storage } = world
  const books = await openBooks({ state: async () => cloud.state(), storage })
  cloud.setFaults(everySeventh)
  const lane = async (number: number) => {
    for (let life = 0; life < LIVES; life++) await journey({ api, books, enter: () => {} }, `lane${number}-${life}`)
  }
  try {
    await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)))
  } finally {
    tell(`fault sweep, SLIPWAY_SWEEP_SEED=${seed}: ${JSON.stringify(cloud.state().faults)}`)
  }
}, 120_000)
