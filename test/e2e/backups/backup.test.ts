import { until } from '../../until.ts'
import { sideBySide, stage } from '../journeys/stage.ts'
import { askBackup, backedUpByApi, backupDeleted, backupEnded, cleared, findBackup, snapshotsIn, toldAgent } from './backups.ts'

const here = stage()
const saved = { backupRetentionPeriod: 7 }

sideBySide({
  async 'a cluster is backed up while it runs: a snapshot of each disk that keeps something'() {
    const { id, name } = await here.created(saved)
    const answer = await askBackup(here, id, 'before the move')
    expect(answer).toMatchObject({ code: 202, payload: { operation: expect.any(String) } })
    const { backupId, operation } = answer.payload
    const meanwhile = await here.api.cluster(id)
    expect(meanwhile).toMatchObject({
      state: 'running',
      activationState: 'terminable',
      backupPipelineInProgress: true,
      activeOperation: operation,
    })
    const backup = await backupEnded(here, id, backupId)
    expect(backup).toMatchObject({
      backupId,
      backupName: 'before the move',
      clusterId: id,
      clusterName: name,
      cloudProvider: 'AZURE',
      state: 'succeed',
      label: 'Completed',
    })
    const machines = [`${name}-master`, `${name}-rondb-0`]
    expect(snapshotsIn(here, backupId)).toEqual(
      machines.flatMap((machine) => [`Backup_${machine}_${backupId}`, `Backup_${machine}_${backupId}_os`]).sort(),
    )
    expect(await here.world.ledger(backupId)).toEqual(snapshotsIn(here, backupId))
    expect(await here.api.cluster(id)).toMatchObject({ state: 'running', activationState: 'stoppable', backupPipelineInProgress: false })
    await here.stopped(id)
  },

  async 'what a backup would do is shown before'() {
    const { id } = await here.created(saved)
    const { payload } = await here.api.call<{ plan: { touches: string[] } }>('POST', '/api/backups?dryRun=true', {
      backup: { clusterId: id, backupName: 'shown' },
    })
    expect(payload.plan.touches).toHaveLength(4)
    expect(await here.api.call('GET', `/api/backups?clusterId=${id}`)).toMatchObject({ payload: { backups: [] } })
  },

  async 'backups outlive their cluster, newest first, until they are deleted with their snapshots'() {
    const cluster = await here.created(saved)
    const first = await backedUpByApi(here, cluster.id, 'first')
    const second = await backedUpByApi(here, cluster.id, 'second')
    await here.terminated(cluster.id)
    const { payload } = await here.api.call<{ backups: { backupName: string }[] }>('GET', `/api/backups?clusterId=${cluster.id}`)
    expect(payload.backups.map(({ backupName }) => backupName)).toEqual(['second', 'first'])
    expect(snapshotsIn(here, first.backupId)).toHaveLength(4)
    await backupDeleted(here, first.backupId)
    expect(snapshotsIn(here, first.backupId)).toEqual([])
    expect(await here.world.ledger(first.backupId, 'created', 'intended')).toEqual([])
    expect(await here.api.call('DELETE', `/api/backups/${first.backupId}`)).toMatchObject({ code: 404 })
    expect(snapshotsIn(here, second.backupId)).toHaveLength(4)
  },

  async 'a cluster without backups, or one that does not run, cannot be backed up, and a wrong request changes nothing'() {
    const without = await here.created({ backupRetentionPeriod: 0 })
    expect(await askBackup(here, without.id)).toMatchObject({ code: 400, message: expect.stringContaining('backupRetentionPeriod') })
    await here.stopped(without.id)
    const { id } = await here.created(saved)
    await here.stopped(id)
    expect(await askBackup(here, id)).toMatchObject({ code: 400, error: { remedy: 'Start the cluster first.' } })
    expect(await askBackup(here, '0f0e7a4c-3f5a-7c43-9e0f-1d8b6f1c2a3b')).toMatchObject({ code: 404 })
    for (const name of ['', '100%', 'a\u0007b', 'n'.repeat(101)])
      expect(await askBackup(here, id, name)).toMatchObject({ code: 400, error: { field: 'backup.backupName' } })
    expect(await here.api.call('GET', `/api/backups?clusterId=${id}`)).toMatchObject({ payload: { backups: [] } })
  },

  async 'while it is backed up a cluster does nothing else, and the backup cannot be deleted'() {
    const { id } = await here.created(saved)
    const { payload } = await askBackup(here, id)
    const busy = { code: 409, message: 'cluster is being backed up' }
    expect(await here.api.call('PUT', `/api/clusters/${id}/stop`)).toMatchObject(busy)
    expect(await askBackup(here, id)).toMatchObject(busy)
    expect(await here.api.call('POST', `/api/clusters/${id}/upgrade`, { version: '3.9.0' })).toMatchObject(busy)
    const workers = { workers: [{ instanceType: 'Standard_D2s_v4', diskSize: 256, count: 1 }] }
    expect(await here.api.call('POST', `/api/clusters/${id}/workers`, workers)).toMatchObject(busy)
    expect(await here.api.call('DELETE', `/api/backups/${payload.backupId}`)).toMatchObject({ code: 409, message: 'backup is being taken' })
    expect((await backupEnded(here, id, payload.backupId)).state).toBe('succeed')
  },

  async 'terminating a cluster in the middle of its backup ends the backup, and nothing is left of either'() {
    const { id } = await here.created(saved)
    const { payload } = await askBackup(here, id)
    await here.terminated(id)
    await here.settled(payload.operation)
    expect(await findBackup(here, payload.backupId)).toMatchObject({ state: 'failed', label: 'Failed' })
    await cleared(here, payload.backupId)
  },

  async 'a backup that is cancelled takes its snapshots back, the agent hears of it, whatever it says, and the cluster runs on'() {
    const { id, name } = await here.created(saved)
    const mend = here.spoil({ fault: 'command-fails', match: { operation: 'agent/BACKUP_DONE', path: `/${name}-master$` } })
    const { payload } = await askBackup(here, id)
    await until(() => toldAgent(here, name).length > 0)
    expect(await here.api.call('POST', `/api/operations/${payload.operation}/cancel`)).toMatchObject({ code: 202 })
    expect(await backupEnded(here, id, payload.backupId)).toMatchObject({
      state: 'failed',
      stateMessage: expect.stringContaining('cancelled'),
    })
    await cleared(here, payload.backupId)
    await until(() => toldAgent(here, name).includes('BACKUP_DONE FAILED'))
    mend()
    expect(await here.api.cluster(id)).toMatchObject({ state: 'running', activationState: 'stoppable' })
  },

  async 'a backup that Azure refuses fails with the reason and leaves nothing; the next one is not hindered'() {
    const { id, name } = await here.created(saved)
    const mend = here.spoil({ fault: 'deny', match: { operation: 'Microsoft.Compute/snapshots/write', path: `Backup_${name}-rondb-0` } })
    const { payload } = await askBackup(here, id)
    const failed = await backupEnded(here, id, payload.backupId)
    expect(failed).toMatchObject({ state: 'failed', stateMessage: expect.stringContaining('Microsoft.Compute/snapshots/write') })
    await cleared(here, payload.backupId)
    mend()
    const cluster = await here.api.cluster(id)
    expect(cluster).toMatchObject({ state: 'running' })
    expect(cluster?.errorMessage).toBeUndefined()
    await until(async () => (await findBackup(here, payload.backupId))?.sizeGb === 0)
    await until(() => toldAgent(here, name).includes('DELETE_BACKUP SUCCEED'))
    expect(toldAgent(here, name)).toEqual(['BACKUP', 'BACKUP_DONE', 'DELETE_BACKUP'].map((type) => `${type} SUCCEED`))
    expect((await backedUpByApi(here, id)).state).toBe('succeed')
    expect(await here.api.call('POST', `/api/operations/${payload.operation}/retry`)).toMatchObject({ code: 409 })
    await backupDeleted(here, payload.backupId)
  },

  async 'a deletion that Azure refuses shows the backup as failed, and goes on when it is asked for again'() {
    const { id } = await here.created(saved)
    const { backupId } = await backedUpByApi(here, id)
    const mend = here.spoil({ fault: 'deny', match: { operation: 'Microsoft.Compute/snapshots/delete', path: backupId } })
    await expect(backupDeleted(here, backupId)).rejects.toThrow('snapshots/delete')
    mend()
    await backupDeleted(here, backupId)
    expect(snapshotsIn(here, backupId)).toEqual([])
  },
})
