import { arrived, PATIENCE_MS } from '../journeys/stage.ts'
import { openBooks } from '../sweep/books.ts'
import { TROUBLES } from '../sweep/troubles.ts'
import { askRestore, backedUp, restoreStage } from './restores.ts'

const here = restoreStage()

const COMPUTE = 'Microsoft.Compute'
const OPERATIONS = [
  `${COMPUTE}/snapshots/read`,
  `${COMPUTE}/disks/read`,
  `${COMPUTE}/disks/write`,
  `${COMPUTE}/virtualMachines/read`,
  `${COMPUTE}/virtualMachines/write`,
  'Microsoft.Network/networkInterfaces/write',
  'Microsoft.Network/publicIPAddresses/write',
  'Microsoft.Storage/storageAccounts/blobServices/containers/read',
]

test(
  'whatever the first call of each kind meets, a restore makes everything once and knows all of it',
  async () => {
    const { cloud, storage } = here.world
    const books = await openBooks({ state: async () => cloud.state(), storage })
    const saved = await Promise.all(TROUBLES.map(() => backedUp(here)))
    const rules = TROUBLES.flatMap((fault, index) =>
      OPERATIONS.map((operation) => ({ ...fault, match: { operation, path: `[/_-]${saved[index]?.before.name}\\b`, nth: 1 } })),
    )
    cloud.setFaults({ rules })
    const since = Date.now()
    await Promise.all(
      saved.map(async ({ saved: { id }, before: { name } }) => {
        const { payload } = await askRestore(here, id)
        await arrived(here.api, payload.id, 'run', 'running')
        expect(await books.ledger(payload.id)).toEqual(await books.made(name, payload.id))
        expect(await books.madeTwice(name, payload.id, since)).toEqual([])
        await here.terminated(payload.id)
      }),
    )
    const { faults } = cloud.state() as { faults: { struck: number }[] }
    expect(rules.filter((_, index) => faults[index]?.struck !== 1)).toEqual([])
  },
  PATIENCE_MS,
)
