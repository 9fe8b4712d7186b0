import { type ClusterWorld, clusterWorld } from '../../cluster-world.ts'
import { arrives, created, ownersOf, terminated, upgrade, writtenTo } from './upgrades.ts'

let world: ClusterWorld
beforeAll(async () => {
  world = await clusterWorld()
}, 60_000)
afterAll(() => world?.end())
beforeEach(() => world.cloud.setFaults({ rules: [] }))

test('an upgraded cluster runs the new version on its data, at its addresses, and nothing of the old head is left', async () => {
  const before = await created(world, 'upgraded')
  const wasThere = world.resources().filter((name) => name.startsWith('upgraded-')).length
  const answer = await upgrade(world, before.id)
  expect(answer).toMatchObject({ code: 202 })
  const during = await world.api.cluster(before.id)
  expect(during).toMatchObject({ version: '3.9.0', upgradeInProgress: { from: '3.8.0', to: '3.9.0' }, activationState: 'terminable' })

  const after = await arrives(world, before.id, 'upgrade', 'running')
  expect(after.upgradeInProgress).toBeUndefined()
  expect(after).toMatchObject({ version: '3.9.0', url: before.url, activationState: 'stoppable' })
  expect(after.clusterConfiguration).toMatchObject({
    head: { privateIp: expect.any(String), instanceType: 'Standard_D2s_v4', diskSize: 256 },
    workers: [{ count: 1, privateIps: [expect.any(String)] }],
  })
  const address = (cluster: typeof before) => (cluster.clusterConfiguration as unknown as { head: { privateIp: string } }).head.privateIp
  expect(address(after)).toBe(address(before))

  // The copies went on from where the old disks were.
  expect(writtenTo(world, 'upgraded')).toMatchObject({
    'upgraded-master-g2-data': ['upgraded-master 3.8.0', 'upgraded-master-g2 3.9.0'],
    'upgraded-rondb-0-g2-data': ['upgraded-rondb-0', 'upgraded-rondb-0'],
  })
  expect(ownersOf(world, 'upgraded')).toMatchObject({
    'upgraded-master-g2-data': 'upgraded-master-g2',
    'upgraded-rondb-0-g2-data': 'upgraded-rondb-0',
  })
  const names = world.resources().filter((name) => name.startsWith('upgraded-'))
  expect(names).toHaveLength(wasThere)
  expect(names).not.toContain('upgraded-master')
  expect((await world.ledger(before.id)).filter((name) => name.startsWith('upgraded-'))).toEqual(names)
  await terminated(world, before.id, 'upgraded')
}, 120_000)
