import { type ClusterWorld, clusterWorld } from '../../cluster-world.ts'
import { arrives, created, terminated, writtenTo } from '../upgrades/upgrades.ts'
import { savedBackup } from './restores.ts'

let world: ClusterWorld
beforeAll(async () => {
  world = await clusterWorld()
}, 60_000)
afterAll(() => world?.end())

test('a terminated cluster comes back from its backup under the same name, with its data', async () => {
  const before = await created(world, 'again')
  const backup = await savedBackup(world, before.id)
  await terminated(world, before.id, 'again')
  const answer = await world.api.call<{ id: string }>('POST', `/api/clusters/restore/${backup.id}`, { cluster: {} })
  expect(answer).toMatchObject({ code: 202 })
  const { id } = answer.payload
  expect(id).not.toBe(before.id)
  const after = await arrives(world, id, 'run', 'running')
  expect(writtenTo(world, 'again')).toMatchObject({
    'again-master-data': ['again-master 3.8.0', 'again-master 3.8.0'],
    'again-rondb-0-data': ['again-rondb-0', 'again-rondb-0'],
  })
  expect(after).toMatchObject({ restoredFrom: backup.id })
  await terminated(world, id, 'again')
}, 60_000)
