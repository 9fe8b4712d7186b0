import { type Backup, updateBackup } from '../../../shared/backups/backup.ts'
import type { WireCluster } from '../api.ts'
import { sideBySide } from '../journeys/stage.ts'
import { snapshotsIn } from './backups.ts'
import { askRestore, backedUp, backup, keeping, restoreStage, servicesOf } from './restores.ts'

const here = restoreStage()

/** Ids of the clusters that were made from a backup and are there. */
async function restoredFrom({ id }: Backup): Promise<readonly string[]> {
  const { payload } = await here.api.call<{ clusters: readonly WireCluster[] }>('GET', '/api/clusters')
  return payload.clusters.filter((cluster) => cluster.restoredFrom === id).map((cluster) => cluster.id)
}

const wrong: readonly (readonly [cluster: Record<string, unknown>, field: string, allowed: RegExp])[] = [
  [{ name: 'x'.repeat(21) }, 'cluster.name', /1 to 20/],
  [{ sshKeyName: 7 }, 'cluster.sshKeyName', /SSH key/],
  [{ tags: [{ name: 'slipway-owner', value: 'x' }] }, 'cluster.tags.0.name', /not begin with slipway-/],
  [{ autoscale: { nonGpu: { instanceType: 'Standard_D2s_v4', maxWorkers: -1 } } }, 'cluster.autoscale.nonGpu.maxWorkers', />=0/],
  [{ virtualNetworkName: 'a/b' }, 'cluster.virtualNetworkName', /name of an Azure resource/],
  [{ virtualNetworkName: 'alone' }, 'cluster.subnetName', /needed with a virtual network/],
]

sideBySide({
  async 'there is no backup of that id, and it does not matter how the id looks'() {
    for (const id of ['0f0e7a4c-3f5a-4c43-9e0f-1d8b6f1c2a3b', 'workers', "x'y%23"])
      expect(await askRestore(here, id)).toMatchObject({ code: 404, message: expect.stringContaining('There is no backup') })
  },

  async 'as long as its cluster is there a backup cannot be restored, whatever state the cluster is in'() {
    const cluster = await keeping(here)
    const saved = await backup(here, cluster.id)
    const message = `The cluster ${cluster.name}, which the backup was taken of, is running.`
    expect(await askRestore(here, saved.id)).toMatchObject({ code: 409, message, error: { remedy: expect.stringMatching(/Terminate it/) } })
    expect(await here.api.call('DELETE', `/api/clusters/${cluster.id}`)).toMatchObject({ code: 202 })
    expect(await askRestore(here, saved.id)).toMatchObject({ code: 409, message: expect.stringContaining('shutting-down') })
    await here.gone(cluster)
    expect(await restoredFrom(saved)).toEqual([])
  },

  async 'what is not a finished backup, a free name or a right request is refused, and nothing is made'() {
    const { saved } = await backedUp(here)
    for (const state of ['pending', 'initializing', 'processing', 'failed', 'deleting'] as const) {
      await updateBackup(servicesOf(here.world), saved.id, (current) => ({ ...current, state }))
      expect(await askRestore(here, saved.id)).toMatchObject({ code: 409, message: `backup is ${state} and cannot be restored` })
    }
    await updateBackup(servicesOf(here.world), saved.id, (current) => ({ ...current, state: 'succeed' }))
    const withoutData = ({ snapshots }: Backup) => snapshots.filter(({ disk }) => disk === 'os')
    await updateBackup(servicesOf(here.world), saved.id, (current) => ({ ...current, snapshots: withoutData(current) }))
    expect(await askRestore(here, saved.id)).toMatchObject({
      code: 409,
      message: expect.stringMatching(/no snapshot of the data of .*-master/),
    })
    await updateBackup(servicesOf(here.world), saved.id, (current) => ({ ...current, snapshots: saved.snapshots }))
    for (const [cluster, field, allowed] of wrong)
      expect(await askRestore(here, saved.id, { cluster })).toMatchObject({
        code: 400,
        message: expect.stringMatching(allowed),
        error: { field },
      })
    expect(await askRestore(here, saved.id, { query: '?deleteNewerBackups=perhaps' })).toMatchObject({
      code: 400,
      error: { field: 'deleteNewerBackups' },
    })
    expect(await here.api.call('POST', `/api/clusters/restore/${saved.id}`, [])).toMatchObject({ code: 400 })

    const other = await here.api.create(here.small({ name: 'taken' }))
    for (const query of ['', '?dryRun=true'])
      expect(await askRestore(here, saved.id, { cluster: { name: 'TAKEN' }, query })).toMatchObject({
        code: 409,
        error: { field: 'cluster.name' },
      })
    expect(await restoredFrom(saved)).toEqual([])
    await here.terminated(other)
  },

  async 'newer backups of the container go only when that is confirmed, and after the data is back'() {
    const cluster = await keeping(here)
    const older = await backup(here, cluster.id, 'older')
    const chosen = await backup(here, cluster.id, 'chosen')
    const newer = await backup(here, cluster.id, 'newer')
    await here.terminated(cluster.id)
    expect(await askRestore(here, chosen.id)).toMatchObject({
      code: 409,
      message: expect.stringContaining(`newer (${newer.id}).`),
      error: { remedy: expect.stringContaining('?deleteNewerBackups=true') },
    })
    expect(await restoredFrom(chosen)).toEqual([])

    const name = cluster.name
    const mend = here.spoil({ fault: 'command-fails', match: { operation: 'agent/RESTORE', path: `/${name}-master$` } })
    const { payload } = await askRestore(here, chosen.id, { query: '?deleteNewerBackups=true' })
    await here.reached(payload.id, 'error')
    expect(snapshotsIn(here, newer.id)).toHaveLength(4)
    mend()
    const after = await here.retried(payload.id, 'run')
    expect([older, chosen, newer].map((one) => snapshotsIn(here, one.id).length)).toEqual([4, 4, 0])
    expect(await here.world.ledger(newer.id, 'created', 'intended')).toEqual([])
    await here.terminated(after.id)
    expect(await askRestore(here, newer.id)).toMatchObject({ code: 404 })
  },
})
