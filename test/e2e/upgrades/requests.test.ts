import { type ClusterWorld, clusterWorld } from '../../cluster-world.ts'
import { arrives, created, rollback, upgrade } from './upgrades.ts'

let world: ClusterWorld
let id: string
beforeAll(async () => {
  world = await clusterWorld()
  id = (await created(world, 'asked')).id
}, 120_000)
afterAll(() => world?.end())

test.each([
  ['no version', { version: undefined }, 'version', /expected string/],
  ['a version that is not newer', { version: '3.8.0' }, 'version', /is not newer than 3\.8\.0; there is 3\.9\.0/],
  ['a version that nobody offers', { version: '9.9.9' }, 'version', /cannot be reached from 3\.8\.0/],
  ['another registry', { dockerRegistryAccount: 'another' }, 'dockerRegistryAccount', /cannot change the acr_registry_name/],
  ['a wish that is none', { rollbackOnFailure: 'yes' }, 'rollbackOnFailure', /expected boolean/],
])('an upgrade with %s is refused, and names the field', async (_what, body, field, message) => {
  expect(await upgrade(world, id, body)).toMatchObject({ code: 400, message: expect.stringMatching(message), error: { field } })
  expect(await world.api.cluster(id)).toMatchObject({ state: 'running', version: '3.8.0' })
})

test('a dry run shows the whole plan and changes nothing', async () => {
  const answer = await world.api.call<{ plan: { touches: string[]; seconds: number } }>('POST', `/api/clusters/${id}/upgrade?dryRun=true`, {
    version: '3.9.0',
  })
  expect(answer.code).toBe(200)
  const touched = answer.payload.plan.touches.map((one) => one.slice(one.lastIndexOf('/') + 1))
  expect(touched).toEqual(expect.arrayContaining(['asked-master-g2', 'asked-master-g2-data', 'asked-master-g2-snapshot', 'asked-master']))
  expect(answer.payload.plan.seconds).toBeGreaterThan(600)
  expect(await world.api.cluster(id)).toMatchObject({ state: 'running', version: '3.8.0' })
})

test('there is nothing to roll back without an upgrade, and nothing to upgrade without a cluster', async () => {
  expect(await rollback(world, id)).toMatchObject({ code: 400, message: expect.stringContaining('no upgrade') })
  const nobody = '01932c5e-0000-7000-8000-0123456789ab'
  expect(await upgrade(world, nobody)).toMatchObject({ code: 404 })
  expect(await rollback(world, nobody)).toMatchObject({ code: 404 })
})

test('of calls that would exclude each other one wins, and the others are told why not', async () => {
  const calls = [upgrade(world, id), upgrade(world, id), world.api.call('PUT', `/api/clusters/${id}/stop`), rollback(world, id)]
  const answers = await Promise.all(calls)
  expect(answers.filter(({ code }) => code === 202)).toHaveLength(1)
  for (const { code, message } of answers.filter((answer) => answer.code !== 202)) {
    expect([400, 409]).toContain(code)
    expect(message).not.toBe('')
  }
  const cluster = await world.api.cluster(id)
  if (cluster?.upgradeInProgress) await arrives(world, id, 'upgrade', 'running')
  else await arrives(world, id, 'stop', 'stopped')
}, 60_000)

test('a stopped cluster ends running, on the sizes that were chosen, and without workers where they are not wanted again', async () => {
  const { id: other } = await created(world, 'stopped')
  await world.api.call('PUT', `/api/clusters/${other}/stop`)
  await arrives(world, other, 'stop', 'stopped')
  const nodeInfo = { nodeType: 'rondb_aio', instanceType: 'Standard_E8_v3' }
  expect(await world.api.call('PUT', `/api/clusters/${other}/nodes/modify-instance-type`, { nodeInfo })).toMatchObject({ code: 200 })
  expect(await upgrade(world, other, { recreateWorkers: false })).toMatchObject({ code: 202 })
  expect(await arrives(world, other, 'upgrade', 'running')).toMatchObject({ version: '3.9.0', clusterConfiguration: { workers: [] } })
  const machines = world.cloud.azure.resources.ofType('Microsoft.Compute/virtualMachines')
  expect(machines.find(({ name }) => name === 'stopped-rondb-0')?.properties).toMatchObject({
    hardwareProfile: { vmSize: 'Standard_E8_v3' },
  })
}, 120_000)
