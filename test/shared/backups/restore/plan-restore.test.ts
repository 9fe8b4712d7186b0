import { armId, nameOf } from '../../../../shared/azure/arm-id.ts'
import type { Backup, SavedDisk } from '../../../../shared/backups/backup.ts'
import { planRestore } from '../../../../shared/backups/restore/plan-restore.ts'
import { checkComplete } from '../../../../shared/backups/restore/saved-disks.ts'
import { isWorker } from '../../../../shared/clusters/node.ts'
import { planDeletion } from '../../../../shared/clusters/plan-deletion.ts'
import { stepPlanner } from '../../../../shared/clusters/plan-step.ts'
import { stepsOf } from '../../../../shared/operations/plan.ts'
import { stepKinds } from '../../../../shared/step-kinds.ts'
import { draftedCluster } from '../../clusters/drafts.ts'

const step = stepPlanner((_kind, seconds) => seconds)
const rondb = (count: number) => ({ instanceType: 'Standard_D2s_v4', diskSize: 64, count })

const former = draftedCluster({
  name: 'former',
  ronDB: {
    allInOne: false,
    configuration: { ndbdDefault: { replicationFactor: 2 } },
    mgmd: rondb(1),
    ndbd: rondb(2),
    mysqld: rondb(1),
    api: rondb(1),
  },
})
const saved = (node: string, disk: SavedDisk['disk']): SavedDisk => ({
  id: `/subscriptions/s/resourceGroups/slipway/providers/Microsoft.Compute/snapshots/Backup_${node}_${disk}`,
  node,
  disk,
  sizeGb: 64,
  sku: disk === 'data' ? 'Premium_LRS' : 'Standard_LRS',
})
const backup = (id: string): Backup => ({
  id,
  name: `backup ${id}`,
  clusterId: former.id,
  clusterName: 'former',
  accountId: 'default',
  state: 'succeed',
  stateMessage: '',
  createdOn: 0,
  expiresOn: 0,
  operationId: '',
  snapshots: former.nodes.flatMap(({ name }) => [saved(name, 'os'), saved(name, 'data')]),
  cluster: { request: former.request },
})

const { autoscale: _, ...scaling } = former.request
const drafted = draftedCluster({ ...scaling, name: 'later', autoscale: { nonGpu: { instanceType: 'Standard_D2s_v4', minWorkers: 1 } } })
const cluster = { ...drafted, nodes: drafted.nodes.filter((node) => !isWorker(node)) }
const image = {
  os: 'ubuntu',
  regions: ['ALL'],
  id: armId('s', 'images', 'Microsoft.Compute/images', 'own'),
  bringsHopsworks: true,
} as const
const plan = planRestore(step, cluster, backup('b'), [backup('c'), backup('d')], image)
const steps = stepsOf(plan)
const order = (...ids: readonly string[]) => ids.map((id) => steps.findIndex((found) => found.id === id))

test('every machine gets the data of its own predecessor, and is made on it', () => {
  for (const { name } of cluster.nodes) {
    const copy = steps.find(({ id }) => id === `restore-disk.create:${name}`)
    const snapshot = `Backup_former${name.slice('later'.length)}_data`
    expect(copy).toMatchObject({ args: { model: { sku: 'Premium_LRS' } }, title: `copy snapshot ${snapshot} to disk ${name}-data` })
    expect(steps.find(({ id }) => id === `virtual-machine.create:${name}`)).toMatchObject({ args: { dataDisk: copy?.touches[0] } })
    const places = order(
      `restore.check-snapshot:former${name.slice('later'.length)}`,
      `restore-disk.create:${name}`,
      `virtual-machine.create:${name}`,
    )
    expect(places).toEqual(places.toSorted((one, other) => one - other))
    expect(places).not.toContain(-1)
  }
  expect(steps.filter(({ kind }) => kind === 'virtual-machine.create')).toHaveLength(cluster.nodes.length)
})

test('a backup that lacks the data of a node that has some is not restored, though the node had no disk for it', () => {
  const without = (lost: string, diskSize?: number) => () => {
    const whole = backup('b')
    const nodes = cluster.nodes.map((node) => (node.name === `later${lost}` ? { ...node, diskSize: diskSize ?? node.diskSize } : node))
    const snapshots = whole.snapshots.filter(({ node, disk }) => node !== `former${lost}` || disk === 'os')
    checkComplete({ ...whole, snapshots }, { ...cluster, nodes })
  }
  expect(without('-nobody')).not.toThrow()
  expect(without('-mysqld-0')).toThrow('no snapshot of the data of later-mysqld-0')
  expect(without('-mysqld-0', 0)).not.toThrow()
  expect(without('-ndb-ndbd-1', 0)).toThrow('no snapshot of the data of later-ndb-ndbd-1')
})

test("an image of one's own is looked at before anything is made", () => {
  const [check = -1, ...made] = order('image.check:cluster', ...steps.flatMap(({ id, kind }) => (kind.endsWith('.create') ? id : [])))
  expect(check).toBeGreaterThanOrEqual(0)
  expect(Math.min(...made)).toBeGreaterThan(check)
})

test('newer backups go, and workers come, only when the agent has said that all data is there', () => {
  const places = order(
    'agent.forget:head',
    'cluster.addresses:nodes',
    'agent.wait:head',
    'restore.data:head',
    'restore.delete-newer-backup:c',
    'restore.delete-newer-backup:d',
    'cluster.autoscale:cluster',
  )
  expect(places).toEqual(places.toSorted((one, other) => one - other))
  expect(places).not.toContain(-1)
  expect(places.at(-1)).toBe(steps.length - 1)
})

test('what is taken back is done again by a retry, the word of the agent above all', () => {
  for (const { kind, id } of steps.slice(order('agent.forget:head')[0]))
    if (!/^(restore\.delete-newer-backup|cluster\.autoscale)$/.test(kind))
      expect([id, stepKinds.get(kind)?.undo !== undefined]).toEqual([id, true])
})

test('a termination removes all that a restore makes, and no snapshot of the backup', () => {
  const made = steps.filter(({ kind }) => kind.endsWith('.create')).flatMap(({ touches }) => touches)
  const removed = stepsOf(planDeletion(step, cluster)).flatMap(({ touches }) => touches)
  expect([...removed].sort()).toEqual([...made].sort())
  expect(removed.map(nameOf).join()).not.toContain('Backup_')
})
