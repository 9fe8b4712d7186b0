import { linesOn } from '../../../local/cloud/compute/disk-contents.ts'
import type { PlanView } from '../../../shared/operations/wire.ts'
import type { Report } from '../../../shared/preflight/preflight.ts'
import type { WireCluster } from '../api.ts'
import { sideBySide } from '../journeys/stage.ts'
import { snapshotsIn } from './backups.ts'
import { askRestore, backedUp, backup, keeping, restored, restoreStage } from './restores.ts'

const here = restoreStage()
const D2 = { instanceType: 'Standard_D2s_v4', diskSize: 256 }

/** Data disks of a cluster by their names, each with the machines that have written to it, first to last. */
const writers = (cluster: WireCluster) =>
  Object.fromEntries(
    here
      .resourcesOf(cluster)
      .filter(({ name, type }) => type.endsWith('/disks') && name.endsWith('-data'))
      .map((disk) => [disk.name, linesOn(disk).map((line) => line.split(' ')[0])]),
  )

/** What a restore must not change on the wire (contract §1.5). */
function lasting({ version, tags, sshKeyName, ronDB, azure, clusterConfiguration, ...rest }: WireCluster) {
  const { virtualNetworkName: _, securityGroupName: __, ...place } = azure as Record<string, unknown>
  const { instanceType, diskSize, haEnabled } = (clusterConfiguration as unknown as { head: Record<string, unknown> }).head
  const sizes = JSON.stringify(ronDB).replace(/,"privateIps":\[[^\]]*\]/g, '')
  const { backupRetentionPeriod, managedUsers, publicIPAttached, letsEncryptIssued, initScript, os } = rest
  const flags = { backupRetentionPeriod, managedUsers, publicIPAttached, letsEncryptIssued, initScript, os }
  return { version, tags, sshKeyName, sizes, place, head: { instanceType, diskSize, haEnabled }, ...flags }
}

sideBySide({
  async 'a terminated cluster comes back under its own name, with its data and without its workers'() {
    const tags = [{ name: 'team', value: 'blue' }]
    const workers = [{ ...D2, count: 1 }]
    const before = await keeping(here, {
      tags,
      clusterConfiguration: { head: { ...D2, haEnabled: false }, workers },
    })
    const credentials = async (id: string) => (await here.api.call('GET', `/api/clusters/${id}/credentials`)).payload
    const known = await credentials(before.id)
    const saved = await backup(here, before.id)
    await here.terminated(before.id)
    const after = await restored(here, saved.id)
    expect(after.id).not.toBe(before.id)
    expect(after).toMatchObject({ name: before.name, restoredFrom: saved.id, activationState: 'stoppable' })
    expect(after.clusterConfiguration.workers).toEqual([])
    expect(lasting(after)).toEqual(lasting(before))
    expect(await credentials(after.id)).toEqual(known)
    expect(writers(after)).toEqual({
      [`${before.name}-master-data`]: [`${before.name}-master`, `${before.name}-master`],
      [`${before.name}-rondb-0-data`]: [`${before.name}-rondb-0`, `${before.name}-rondb-0`],
    })
    // Ours to the last piece: by the ledger and by the tags.
    const made = here.resourcesOf(after).filter(({ type }) => type.split('/').length === 2)
    expect(made.map(({ name }) => name).sort()).toEqual(await here.world.ledger(after.id))
    const copy = made.find(({ name }) => name === `${before.name}-master-data`)
    expect(copy?.tags).toMatchObject({ team: 'blue', 'slipway-cluster': after.id })
    const kept = saved.snapshots.find(({ disk, node }) => disk === 'data' && node === `${before.name}-master`)
    expect(copy?.envelope.sku).toMatchObject({ name: kept?.sku })

    // It is backed up as any other; each backup is a step in the life of one container.
    const next = await backup(here, after.id)
    await here.terminated(after.id)
    expect([saved, next].map(({ id }) => snapshotsIn(here, id).length)).toEqual([4, 4])
    expect(await askRestore(here, next.id, { query: '?dryRun=true' })).toMatchObject({ code: 200 })
    expect(await askRestore(here, saved.id)).toMatchObject({ code: 409, message: expect.stringContaining(next.id) })
  },

  async 'name, tags, network and scaling can be others'() {
    const { saved, before } = await backedUp(here)
    const { resourceGroup, virtualNetwork, subnet } = here.world.cloud.landingZone.existingNetwork
    const name = `${before.name}-new`
    const autoscale = { nonGpu: { ...D2, minWorkers: 1, maxWorkers: 3, standbyWorkers: 0.5, downscaleWaitTime: 300 } }
    const network = { networkResourceGroup: resourceGroup, virtualNetworkName: virtualNetwork, subnetName: subnet }
    const tags = [{ name: 'kept', value: 'no' }]
    const after = await restored(here, saved.id, { cluster: { name, tags, autoscale, ...network, instanceType: 'ignored' } })
    expect(after).toMatchObject({ name, tags, azure: network, autoscale, clusterConfiguration: { head: { ...D2 } } })
    expect(writers(after)[`${name}-master-data`]).toEqual([`${before.name}-master`, `${name}-master`])
    await here.terminated(after.id)
  },

  async 'a dry run shows the plan, what stands in its way and the price, and changes nothing'() {
    const { saved } = await backedUp(here)
    const inventory = [...here.inventory().keys()]
    const query = '?dryRun=true'
    const look = () => askRestore<{ plan: PlanView; preflight: Report }>(here, saved.id, { query })
    const { code, payload } = await look()
    expect(code).toBe(200)
    expect(JSON.stringify(payload.plan)).toMatch(/copy snapshot Backup_.*-master_.* to disk .*restore the data and verify it/)
    expect(payload.preflight).toMatchObject({ ready: true, price: { perMonth: expect.any(Number) } })
    // Others come and go meanwhile; what was there still is.
    for (const { id } of saved.snapshots) expect(inventory).toContain(id.toLowerCase())
    expect((await here.api.call<{ clusters: WireCluster[] }>('GET', '/api/clusters')).payload.clusters).not.toContainEqual(
      expect.objectContaining({ restoredFrom: saved.id }),
    )

    const { azure } = here.world.cloud
    const snapshot = saved.snapshots.find(({ disk }) => disk === 'data')
    azure.change(() => azure.resources.delete(snapshot?.id ?? ''))
    expect((await look()).payload.preflight).toMatchObject({
      ready: false,
      findings: expect.arrayContaining([
        expect.objectContaining({ check: 'given', severity: 'error', message: expect.stringMatching(/no snapshot Backup_/) }),
      ]),
    })
  },

  async 'without its container a backup is worth nothing, and that is said before anything is made'() {
    const { saved } = await backedUp(here)
    const { azure, landingZone } = here.world.cloud
    const account = `/subscriptions/${landingZone.subscriptionId}/resourceGroups/slipway/providers/Microsoft.Storage/storageAccounts`
    const container = `${account}/${landingZone.storageAccount}/blobServices/default/containers/${saved.cluster.request.blobContainerName}`
    expect(azure.resources.get(container)).toBeDefined()
    azure.change(() => azure.resources.delete(container))
    const { payload } = await askRestore(here, saved.id)
    await here.reached(payload.id, 'error')
    expect(await here.api.cluster(payload.id)).toMatchObject({
      state: 'error',
      errorMessage: expect.stringMatching(/There is no container container-/),
    })
    expect(await here.world.ledger(payload.id, 'created', 'intended')).toEqual([])
    await here.terminated(payload.id)
  },
})
