import { getBackup } from '../../../shared/backups/backup.ts'
import { isHeld } from '../../../shared/backups/restore/hold.ts'
import { arrived, held, sideBySide, stage } from '../journeys/stage.ts'
import { waitFor } from '../waiters.ts'
import { backupDeleted, snapshotsIn } from './backups.ts'
import { askRestore, backedUp, backup, keeping, restored, servicesOf } from './restores.ts'

const here = stage()

const isHeldNow = async (id: string) => {
  const services = servicesOf(here.world)
  return isHeld(services, await getBackup(services, id))
}

sideBySide({
  async 'a restore that the agent does not verify fails, says why, and goes on when it is retried'() {
    const { before, saved } = await backedUp(here)
    const mend = here.spoil({ fault: 'command-fails', match: { operation: 'agent/RESTORE', path: `/${before.name}-master$` } })
    const { payload } = await askRestore(here, saved.id)
    expect(await isHeldNow(saved.id)).toBe(true)
    const { end, cluster } = await waitFor(here.api, payload.id, 'run')
    expect(end).toBe('error')
    expect(cluster?.errorMessage).toMatch(/data could not be restored: .*exit code 1.*the backup stays/)
    expect(cluster?.activationState).toBe('terminable')
    await here.settled(payload.operation)
    expect(await isHeldNow(saved.id)).toBe(false)
    mend()
    expect(await here.api.call('POST', `/api/operations/${payload.operation}/retry`)).toMatchObject({ code: 202 })
    expect(await isHeldNow(saved.id)).toBe(true)
    await arrived(here.api, payload.id, 'run', 'running')
    await here.terminated(payload.id)
  },

  async 'a failed restore keeps the container to itself, leaves the backup, and goes whole when it is terminated'() {
    const { before, saved } = await backedUp(here)
    const mend = here.spoil({
      fault: 'capacity',
      match: { operation: 'Microsoft.Compute/virtualMachines/write', path: `/${before.name}-` },
    })
    const { payload } = await askRestore(here, saved.id)
    expect((await waitFor(here.api, payload.id, 'run')).end).toBe('error')
    mend()
    expect(await askRestore(here, saved.id, { cluster: { name: `${before.name}-b` } })).toMatchObject({
      code: 409,
      message: expect.stringContaining(`The cluster ${before.name} uses the container`),
    })
    await here.terminated(payload.id)
    expect(snapshotsIn(here, saved.id)).toHaveLength(4)
    await here.terminated((await restored(here, saved.id)).id)
  },

  async 'a restore that is called off takes back what it has made, and can be run after all'() {
    const { before, saved } = await backedUp(here)
    const mend = here.spoil({ fault: 'agent-silent', match: { path: `/${before.name}-master$` } })
    const { payload } = await askRestore(here, saved.id)
    await here.reached(payload.id, 'rondb-initializing')
    expect(await here.api.call('POST', `/api/operations/${payload.operation}/cancel`)).toMatchObject({ code: 202 })
    expect(await here.settled(payload.operation)).toMatchObject({ state: 'cancelled' })
    expect(here.resourcesOf({ id: payload.id, name: before.name })).toEqual([])
    expect(await here.world.ledger(payload.id, 'created', 'intended')).toEqual([])
    expect([await isHeldNow(saved.id), snapshotsIn(here, saved.id).length]).toEqual([false, 4])
    mend()
    await here.retried(payload.id, 'run')
    await here.terminated(payload.id)
  },

  async 'a cluster that is terminated in the middle of its restore leaves nothing, and its backup free'() {
    const { before, saved } = await backedUp(here)
    const mend = here.spoil({ ...held, match: { operation: 'Microsoft.Compute/disks/write', path: `/${before.name}-rondb-0-data$` } })
    const { payload } = await askRestore(here, saved.id)
    await here.reached(payload.id, 'initializing')
    expect(await isHeldNow(saved.id)).toBe(true)
    expect(await here.api.call('DELETE', `/api/clusters/${payload.id}`)).toMatchObject({ code: 202 })
    mend()
    await here.gone({ id: payload.id, name: before.name })
    expect([await isHeldNow(saved.id), snapshotsIn(here, saved.id).length]).toEqual([false, 4])
  },

  async 'a backup is kept while it is restored; once it is gone a retry is refused, and the cluster can still be terminated'() {
    const { before, saved } = await backedUp(here)
    const mend = here.spoil({ fault: 'command-fails', match: { operation: 'agent/RESTORE', path: `/${before.name}-master$` } })
    const { payload } = await askRestore(here, saved.id)
    expect(await here.api.call('DELETE', `/api/backups/${saved.id}`)).toMatchObject({ code: 409, message: 'backup is being restored' })
    expect((await waitFor(here.api, payload.id, 'run')).end).toBe('error')
    await here.settled(payload.operation)
    mend()
    await backupDeleted(here, saved.id)
    expect(await here.api.call('POST', `/api/operations/${payload.operation}/retry`)).toMatchObject({
      code: 409,
      message: 'backup has been deleted',
    })
    await here.terminated(payload.id)
  },

  async 'of two restores of one backup at once one begins, and the other is told what is going on'() {
    const { before, saved } = await backedUp(here)
    const names = [before.name, `${before.name}-b`, `${before.name}-c`]
    const answers = await Promise.all(names.map((name) => askRestore(here, saved.id, { cluster: { name } })))
    const [won, ...more] = answers.filter(({ code }) => code === 202)
    expect(more).toEqual([])
    for (const { code, message } of answers.filter((answer) => answer !== won)) {
      expect(code).toBe(409)
      expect(message).toMatch(/is being restored|is being done with the backup|uses the container/)
    }
    if (!won) throw new Error('nobody won')
    await arrived(here.api, won.payload.id, 'run', 'running')
    await here.terminated(won.payload.id)
  },

  async 'two backups of one container are never restored side by side'() {
    const cluster = await keeping(here)
    const saved = [await backup(here, cluster.id), await backup(here, cluster.id)]
    await here.terminated(cluster.id)
    const query = '?deleteNewerBackups=true'
    const answers = await Promise.all(
      saved.map(({ id }, index) => askRestore(here, id, { cluster: { name: `${cluster.name}-${index}` }, query })),
    )
    const begun = answers.filter(({ code }) => code === 202)
    const ends = await Promise.all(begun.map(async ({ payload }) => (await waitFor(here.api, payload.id, 'run')).end))
    expect(ends.filter((end) => end === 'running').length).toBeLessThan(2)
    for (const { payload } of begun) await here.terminated(payload.id)
  },
})
