import { sideBySide } from '../journeys/stage.ts'
import { acceptance } from './acceptance.ts'
import { BackupResource } from './backup-resource.ts'
import { backups } from './data-sources.ts'

const { cluster, here } = acceptance()

const D4 = 'Standard_D4_v3'

sideBySide({
  async 'backup basic: taken of a running cluster, listed, deleted'() {
    const [resource, block] = cluster()
    const withBackups = { ...block, backupRetentionPeriod: 14 }
    const { id: clusterId } = await resource.apply(withBackups)
    const [first, second] = [new BackupResource(here.client), new BackupResource(here.client)]
    expect(await first.apply({ clusterId, backupName: 'first' })).toMatchObject({
      state: 'succeed',
      backupName: 'first',
      clusterId,
      cloudProvider: 'AZURE',
    })
    // The cluster has not stopped for it, and nothing that Terraform knows of it has changed.
    expect(await resource.apply(withBackups)).toMatchObject({ state: 'running', activationState: 'stoppable' })
    await resource.importVerify()
    await second.apply({ clusterId, backupName: 'second' })
    const ids = async (of?: string) => (await backups(here.client, of)).map(({ backupId }) => backupId)
    expect(await ids(clusterId)).toEqual([second.id, first.id])
    expect(await ids('01932c5e-0000-7000-8000-000000000000')).toEqual([])
    const { id } = first
    await first.destroy()
    expect(await ids(clusterId)).toEqual([second.id])
    expect(await here.client.backup(id)).toBeUndefined()
    await second.destroy()
    await here.destroyed(resource)
  },

  async 'cluster from backup: the cluster is destroyed, and made again from its backup under the same name'() {
    const [resource, block] = cluster()
    const withBackups = { ...block, backupRetentionPeriod: 14, openPorts: { ssh: true } }
    const { id: clusterId } = await resource.apply({ ...withBackups, workers: [{ instanceType: D4 }] })
    const backup = new BackupResource(here.client)
    await backup.apply({ clusterId, backupName: 'tfacctest-backup' })
    await here.destroyed(resource)
    expect(await backup.apply({ clusterId, backupName: 'tfacctest-backup' })).toMatchObject({ state: 'succeed' })

    const [restored] = cluster()
    expect(await restored.restore(backup.id)).toMatchObject({
      name: block.name,
      state: 'running',
      activationState: 'stoppable',
      url: expect.stringMatching(/^https:/),
      clusterConfiguration: { workers: [] },
    })
    expect(restored.id).not.toBe(clusterId)
    // It is what the block of the first one says, but for the workers.
    await restored.apply(withBackups)
    await restored.importVerify()
    expect(await restored.apply({ ...withBackups, workers: [{ instanceType: D4 }] })).toMatchObject({ state: 'running' })
    await here.destroyed(restored)
    await backup.destroy()
  },

  async 'cluster from backup: under another name, with tags and workers that scale'() {
    const [resource, block] = cluster()
    const { id: clusterId } = await resource.apply({ ...block, backupRetentionPeriod: 7 })
    const backup = new BackupResource(here.client)
    await backup.apply({ clusterId, backupName: 'renamed' })
    await here.destroyed(resource)
    const [restored, { name }] = cluster()
    const autoscale = { instanceType: D4 }
    const changed = { ...block, name, backupRetentionPeriod: 7, tags: { Purpose: 'another' }, autoscale }
    await restored.restore(backup.id, changed)
    expect(await restored.apply(changed)).toMatchObject({ name, autoscale: { nonGpu: { instanceType: D4 } } })
    await here.destroyed(restored)
    await backup.destroy()
  },
})
