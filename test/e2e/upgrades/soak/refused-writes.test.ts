import type { FaultPlan } from '../../../../local/cloud/fault-plan.ts'
import { type ClusterWorld, clusterWorld } from '../../../cluster-world.ts'
import { arrives, created, isIntact, rollback, terminated, upgrade } from '../upgrades.ts'

/** Every write of an upgrade is refused once, each for a cluster of its own: the way back and the way on are both open, and no data is lost. */

let world: ClusterWorld
beforeAll(async () => {
  world = await clusterWorld()
}, 60_000)
afterAll(() => world?.end())

type Rule = FaultPlan['rules'][number]
const rules = new Map<string, Rule>()
const spoil = (name: string, rule: Rule | undefined) => {
  if (rule) rules.set(name, rule)
  else rules.delete(name)
  world.cloud.setFaults({ rules: [...rules.values()] })
}

const COMPUTE = 'Microsoft.Compute'
const NETWORK = 'Microsoft.Network'
/** What the first refused write is: its action, and the resource without the cluster's name. */
const WRITES: readonly (readonly [what: string, operation: string, resource: string])[] = [
  ['leave', `${COMPUTE}/virtualMachines/delete`, '-worker-0'],
  ['stop', `${COMPUTE}/virtualMachines/deallocate/action`, '-rondb-0'],
  ['shoot', `${COMPUTE}/snapshots/write`, '-master-g2-snapshot'],
  ['copy', `${COMPUTE}/disks/write`, '-rondb-0-g2-data'],
  ['parking', `${NETWORK}/networkInterfaces/write`, '-master-parked-nic'],
  ['move', `${COMPUTE}/virtualMachines/write`, '-master'],
  ['hide', `${NETWORK}/networkInterfaces/write`, '-master-nic'],
  ['make', `${COMPUTE}/virtualMachines/write`, '-master-g2'],
  ['swap', `${COMPUTE}/virtualMachines/write`, '-rondb-0'],
  ['wake', `${COMPUTE}/virtualMachines/start/action`, '-rondb-0'],
  ['join', `${COMPUTE}/virtualMachines/write`, '-worker-0'],
]
const AFTER_THE_LAST_WAY_BACK: typeof WRITES = [
  ['part', `${COMPUTE}/virtualMachines/delete`, '-master'],
  ['drop', `${COMPUTE}/disks/delete`, '-rondb-0-data'],
  ['forget', `${COMPUTE}/snapshots/delete`, '-master-g2-snapshot'],
]

/** One of each kind of step; a retry is the same for all of them. */
const RETRIED = ['shoot', 'move', 'make', 'swap', 'join']

async function refused(name: string, operation: string, resource: string): Promise<string> {
  const { id } = await created(world, name)
  const rule = { match: { operation, path: `/${name}${resource}(/|$)`, times: 1 }, fault: 'deny' }
  spoil(name, rule)
  expect(await upgrade(world, id)).toMatchObject({ code: 202 })
  expect((await arrives(world, id, 'upgrade', 'error')).errorMessage).toContain(operation)
  spoil(name, undefined)
  return id
}

test('whatever is refused before the old head goes, a rollback brings it back with its data', async () => {
  await Promise.all(
    WRITES.map(async ([what, operation, resource]) => {
      const name = `back-${what}`
      const id = await refused(name, operation, resource)
      expect(await rollback(world, id)).toMatchObject({ code: 202 })
      await arrives(world, id, 'stop', 'stopped')
      isIntact(world, name, 1)
      expect(world.resources().filter((one) => one.startsWith(`${name}-`) && /-g2|-parked|-snapshot|-worker/.test(one))).toEqual([])
      await terminated(world, id, name)
    }),
  )
}, 280_000)

test('whatever is refused, a retry goes on to the new version with the data', async () => {
  await Promise.all(
    [...WRITES.filter(([what]) => RETRIED.includes(what)), ...AFTER_THE_LAST_WAY_BACK].map(async ([what, operation, resource]) => {
      const name = `on-${what}`
      const id = await refused(name, operation, resource)
      const [latest] = await world.api.operations(id)
      expect(await world.api.call('POST', `/api/operations/${latest?.id}/retry`)).toMatchObject({ code: 202 })
      await arrives(world, id, 'upgrade', 'running')
      isIntact(world, name, 2)
      await terminated(world, id, name)
    }),
  )
}, 280_000)

test('when the old head is being removed there is no way back, and the reason is told', async () => {
  const id = await refused('late', `${COMPUTE}/disks/delete`, '-rondb-0-data')
  expect(await rollback(world, id)).toMatchObject({ code: 400, message: expect.stringContaining('has taken over') })
  expect((await world.api.cluster(id))?.activationState).toBe('startable')
  expect(await world.api.call('PUT', `/api/clusters/${id}/start`)).toMatchObject({ code: 202 })
  await arrives(world, id, 'upgrade', 'running')
  isIntact(world, 'late', 2)
  await terminated(world, id, 'late')
}, 120_000)
