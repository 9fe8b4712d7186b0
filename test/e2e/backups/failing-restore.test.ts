import { getBackup } from '../../../shared/backups/backup.ts'
import { isHeld } from '../../../shared/backups/restore/hold.ts'
import { until } from '../../until.ts'
import { held, sideBySide } from '../journeys/stage.ts'
import { waitFor } from '../waiters.ts'
import { backupDeleted, snapshotsIn } from './backups.ts'
import { askRestore, backedUp, restoreStage, servicesOf } from './restores.ts'

const here = restoreStage()

const isHeldNow = async (id: string) => {
  const services = servicesOf(here.world)
  return isHeld(services, await getBackup(services, id))
}

/** Waits until a restore has failed, and answers what the cluster says of it. */
async function failed(id: string): Promise<string | undefined> {
  const { end, cluster } = await waitFor(here.api, id, 'run')
  expect(end).toBe('error')
  await here.settled((await here.latestOperation(id)).id)
  return cluster?.errorMessage
}

const retry = async (id: string) => here.api.call('POST', `/api/operations/${(await here.latestOperation(id)).id}/retry`)

sideBySide({
  async 'what a restore fails at is told with what mends it, and a retry goes on there'() {
    const { before, saved } = await backedUp(here)
    const hurdles = [
      [
        { fault: 'deny', match: { operation: 'Microsoft.Compute/snapshots/read', path: `/Backup_${before.name}-` } },
        /snapshots\/read.*az role assignment/s,
      ],
      [
        { fault: 'deny', match: { operation: 'Microsoft.Compute/disks/write', path: `/${before.name}-master-data$` } },
        /disks\/write.*az role assignment/s,
      ],
      [
        { fault: 'command-fails', match: { operation: 'agent/RESTORE', path: `/${before.name}-master$` } },
        /could not be restored: .*exit code 1.*the backup stays/,
      ],
    ] as const
    let id = ''
    for (const [rule, message] of hurdles) {
      const mend = here.spoil(rule)
      if (id === '') id = (await askRestore(here, saved.id)).payload.id
      else expect(await retry(id)).toMatchObject({ code: 202 })
      expect(await isHeldNow(saved.id)).toBe(true)
      expect(await failed(id)).toMatch(message)
      expect(await here.api.cluster(id)).toMatchObject({ activationState: 'terminable' })
      expect(await isHeldNow(saved.id)).toBe(false)
      mend()
    }
    await here.retried(id, 'run')
    await here.terminated(id)
  },

  async 'of several restores of one backup at once one begins; when it has failed it keeps the container until it is terminated'() {
    const { before, saved } = await backedUp(here)
    const mend = here.spoil({
      fault: 'capacity',
      match: { operation: 'Microsoft.Compute/virtualMachines/write', path: `/${before.name}-` },
    })
    const names = [before.name, `${before.name}-b`, `${before.name}-c`]
    const answers = await Promise.all(names.map((name) => askRestore(here, saved.id, { cluster: { name } })))
    const [won, ...more] = answers.filter(({ code }) => code === 202)
    if (!won || more.length > 0) throw new Error(`${answers.map(({ code }) => code)}`)
    for (const { code, message } of answers.filter((answer) => answer !== won)) {
      expect(code).toBe(409)
      expect(message).toMatch(/is being restored|is being done with the backup|uses the container/)
    }
    await failed(won.payload.id)
    mend()
    const other = { cluster: { name: `${before.name}-d` }, query: '?dryRun=true' }
    expect(await askRestore(here, saved.id, other)).toMatchObject({
      code: 409,
      message: expect.stringMatching(/The cluster .* uses the container/),
    })
    await here.terminated(won.payload.id)
    expect(snapshotsIn(here, saved.id)).toHaveLength(4)
    expect(await askRestore(here, saved.id, other)).toMatchObject({ code: 200 })
  },

  async 'a restore that is called off takes back what it has made; one that a termination ends leaves nothing, and the backup free'() {
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

    const go = here.spoil({ ...held, match: { operation: 'Microsoft.Compute/disks/write', path: `/${before.name}-rondb-0-data$` } })
    expect(await retry(payload.id)).toMatchObject({ code: 202 })
    await until(() => here.resourcesOf({ id: payload.id, name: before.name }).length > 0)
    expect(await isHeldNow(saved.id)).toBe(true)
    expect(await here.api.call('DELETE', `/api/clusters/${payload.id}`)).toMatchObject({ code: 202 })
    go()
    await here.gone({ id: payload.id, name: before.name })
    expect([await isHeldNow(saved.id), snapshotsIn(here, saved.id).length]).toEqual([false, 4])
  },

  async 'a backup is kept while it is restored; once it is gone a retry is refused, and the cluster can still be terminated'() {
    const { before, saved } = await backedUp(here)
    const mend = here.spoil({ fault: 'command-fails', match: { operation: 'agent/RESTORE', path: `/${before.name}-master$` } })
    const { payload } = await askRestore(here, saved.id)
    expect(await here.api.call('DELETE', `/api/backups/${saved.id}`)).toMatchObject({ code: 409, message: 'backup is being restored' })
    await failed(payload.id)
    mend()
    await backupDeleted(here, saved.id)
    expect(await retry(payload.id)).toMatchObject({ code: 409, message: 'backup has been deleted' })
    await here.terminated(payload.id)
  },
})
