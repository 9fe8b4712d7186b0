import { PATIENCE_MS, stage } from '../journeys/stage.ts'
import { TROUBLES } from '../sweep/troubles.ts'
import { backedUpByApi, backupDeleted, snapshotsIn } from './backups.ts'

const here = stage()

const OPERATIONS = ['read', 'write', 'delete'].map((verb) => `Microsoft.Compute/snapshots/${verb}`)

test(
  'whatever the first calls for each snapshot meet, a backup has each of them once, and is deleted with all of them',
  async () => {
    const clusters = await Promise.all(TROUBLES.map(() => here.created({ backupRetentionPeriod: 7 })))
    const rules = TROUBLES.flatMap((fault, index) =>
      OPERATIONS.flatMap((operation) =>
        [1, 2].map((nth) => ({ ...fault, match: { operation, path: `Backup_${clusters[index]?.name}-master_[^/]*_os$`, nth } })),
      ),
    )
    here.world.cloud.setFaults({ rules })
    await Promise.all(
      clusters.map(async ({ id }) => {
        const { backupId, state, stateMessage } = await backedUpByApi(here, id)
        expect([state, stateMessage]).toEqual(['succeed', ''])
        expect(snapshotsIn(here, backupId)).toHaveLength(4)
        expect(await here.world.ledger(backupId)).toEqual(snapshotsIn(here, backupId))
        await backupDeleted(here, backupId)
        expect(snapshotsIn(here, backupId)).toEqual([])
        expect(await here.world.ledger(backupId, 'created', 'intended')).toEqual([])
      }),
    )
    const { faults } = here.world.cloud.state() as { faults: { struck: number }[] }
    expect(rules.filter(({ match }, index) => match.nth === 1 && faults[index]?.struck !== 1)).toEqual([])
  },
  PATIENCE_MS,
)
