import { type ClusterWorld, clusterWorld } from '../../cluster-world.ts'
import { until } from '../../until.ts'
import { arrives, created, ownersOf, rollback, terminated, upgrade, writtenTo } from './upgrades.ts'

let world: ClusterWorld
beforeAll(async () => {
  world = await clusterWorld()
}, 60_000)
afterAll(() => world?.end())
beforeEach(() => world.cloud.setFaults({ rules: [] }))

const FORMER = { 'master-data': 'master', 'rondb-0-data': 'rondb-0' }
const named = (name: string, things: Record<string, string>) =>
  Object.fromEntries(Object.entries(things).map(([one, other]) => [`${name}-${one}`, `${name}-${other}`]))

/** The old head has its old data, nothing of the new one is left, and the cluster starts as if nothing had been. */
async function isAsBefore(id: string, name: string, names: readonly string[]): Promise<void> {
  const cluster = await world.api.cluster(id)
  expect(cluster).toMatchObject({ state: 'stopped', version: '3.8.0', activationState: 'startable' })
  expect(cluster?.upgradeInProgress).toBeUndefined()
  expect(ownersOf(world, name)).toEqual(named(name, FORMER))
  expect(writtenTo(world, name)).toEqual({
    [`${name}-master-data`]: [`${name}-master 3.8.0`],
    [`${name}-rondb-0-data`]: [`${name}-rondb-0`],
  })
  const stateful = names.filter((one) => !one.includes('-worker-'))
  expect(world.resources().filter((one) => one.startsWith(`${name}-`))).toEqual(stateful)
  expect((await world.ledger(id)).filter((one) => one.startsWith(`${name}-`))).toEqual(stateful)
  expect(await world.api.call('PUT', `/api/clusters/${id}/start`)).toMatchObject({ code: 202 })
  await arrives(world, id, 'run', 'running')
  expect(world.resources().filter((one) => one.startsWith(`${name}-`))).toEqual(names)
}

test('a permission that is missing is told before anything is stopped, whatever is wished for a failure, and a start goes on with the upgrade', async () => {
  const { api, cloud } = world
  const { id } = await created(world, 'forbidden')
  const turn = (change: object) =>
    fetch(`${cloud.url}/_slipway/roles`, { method: 'PUT', body: JSON.stringify({ roleName: ROLE, ...change }) })
  const actions = ['Microsoft.Compute/snapshots/write', 'Microsoft.Compute/disks/beginGetAccess/action']
  expect((await turn({ remove: actions })).ok).toBe(true)
  expect(await upgrade(world, id, { rollbackOnFailure: true })).toMatchObject({ code: 202 })
  const failed = await arrives(world, id, 'upgrade', 'error')
  expect(failed.errorMessage).toMatch(
    /The app lacks 2 permissions on the resource group slipway: .*disks\/beginGetAccess\/action, .*snapshots\/write\. .*GET \/api\/permissions\/control-plane .*30 minutes.* az role definition update/s,
  )
  expect(failed).toMatchObject({ version: '3.9.0', upgradeInProgress: { from: '3.8.0', to: '3.9.0' }, activationState: 'startable' })
  expect(
    cloud.azure.resources.ofType('Microsoft.Compute/virtualMachines').find(({ name }) => name === 'forbidden-master')?.hidden.power,
  ).toBe('running')
  await turn({ add: actions })
  expect(await api.call('PUT', `/api/clusters/${id}/start`)).toMatchObject({ code: 202 })
  expect((await api.cluster(id))?.state).not.toBe('stopped')
  expect(await arrives(world, id, 'upgrade', 'running')).toMatchObject({ version: '3.9.0' })
  expect((await api.operations(id)).filter(({ kind }) => kind === 'upgrade-cluster')).toHaveLength(1)
  await terminated(world, id, 'forbidden')
}, 120_000)

test('a permission that Azure refuses half-way leaves an error with the command, and a retry goes on at that step', async () => {
  const { api, cloud } = world
  const { id } = await created(world, 'half-way')
  cloud.setFaults({ rules: [{ match: { operation: 'Microsoft.Compute/disks/write' }, fault: 'deny' }] })
  await upgrade(world, id)
  const failed = await arrives(world, id, 'upgrade', 'error')
  expect(failed.errorMessage).toMatch(/Microsoft\.Compute\/disks\/write.*az role assignment create.*30 minutes/s)
  expect(failed).toMatchObject({ version: '3.9.0', activationState: 'terminable' })
  expect(failed.allowedActions).toContainEqual({ action: 'rollback', allowed: true })
  cloud.setFaults({ rules: [] })
  const [operation] = await api.operations(id)
  expect(await api.call('POST', `/api/operations/${operation?.id}/retry`)).toMatchObject({ code: 202 })
  await arrives(world, id, 'upgrade', 'running')
  await terminated(world, id, 'half-way')
}, 120_000)

test('a migration that fails is rolled back: the old head has its old data, and the cluster starts again', async () => {
  const { api, cloud } = world
  const { id } = await created(world, 'migration')
  const names = world.resources().filter((one) => one.startsWith('migration-'))
  cloud.setFaults({ rules: [{ match: { path: 'migration-master-g2$' }, fault: 'install-fails' }] })
  await upgrade(world, id)
  const failed = await arrives(world, id, 'upgrade', 'error')
  expect(failed.errorMessage).toMatch(/could not be migrated.*roll back/s)
  // That is by what Terraform knows that it has to roll back.
  expect(failed).toMatchObject({ version: '3.9.0', upgradeInProgress: { from: '3.8.0', to: '3.9.0' } })
  expect(await rollback(world, id)).toMatchObject({ code: 202 })
  expect((await api.cluster(id))?.state).toBe('stopping')
  await arrives(world, id, 'stop', 'stopped')
  await isAsBefore(id, 'migration', names)
  await terminated(world, id, 'migration')
}, 120_000)

test('a migration whose cause is mended goes on with a retry, and ends with the new version', async () => {
  const { api, cloud } = world
  const { id } = await created(world, 'mended')
  cloud.setFaults({ rules: [{ match: { path: 'mended-master-g2$' }, fault: 'install-fails' }] })
  await upgrade(world, id)
  const { failedOperation } = await arrives(world, id, 'upgrade', 'error')
  cloud.setFaults({ rules: [] })
  expect(await api.call('POST', `/api/operations/${failedOperation}/retry`)).toMatchObject({ code: 202 })
  expect(await arrives(world, id, 'upgrade', 'running')).toMatchObject({ version: '3.9.0' })
  expect((await api.cluster(id))?.upgradeInProgress).toBeUndefined()
  await terminated(world, id, 'mended')
}, 120_000)

test('with rollbackOnFailure an unhealthy new head goes by itself, and nobody is shown an error in between', async () => {
  const { api, cloud } = world
  const { id } = await created(world, 'unhealthy')
  const names = world.resources().filter((one) => one.startsWith('unhealthy-'))
  cloud.setFaults({ rules: [{ match: { operation: 'agent/HEALTH:rondb' }, fault: 'command-fails' }] })
  await upgrade(world, id, { rollbackOnFailure: true })
  const states = new Set<string>()
  await until(async () => {
    const state = (await api.cluster(id))?.state ?? 'gone'
    states.add(state)
    return state === 'stopped'
  }, 60)
  expect(states).not.toContain('error')
  expect((await api.cluster(id))?.errorMessage).toMatch(
    /^upgrade cluster unhealthy from 3\.8\.0 to 3\.9\.0 failed, hence the rollback: .*not healthy, rondb/,
  )
  const [latest, before] = await api.operations(id)
  expect(latest).toMatchObject({ kind: 'rollback-upgrade', state: 'succeeded' })
  expect(before).toMatchObject({
    kind: 'upgrade-cluster',
    state: 'failed',
    problem: { message: expect.stringContaining('not healthy, rondb') },
  })
  await isAsBefore(id, 'unhealthy', names)
  expect((await api.cluster(id))?.errorMessage).toBeUndefined()
  await terminated(world, id, 'unhealthy')
}, 120_000)

test('a rollback that fails goes on when it is asked for again', async () => {
  const { cloud } = world
  const { id } = await created(world, 'twice')
  const names = world.resources().filter((one) => one.startsWith('twice-'))
  const migration = { match: { path: 'twice-master-g2$' }, fault: 'install-fails' }
  cloud.setFaults({ rules: [migration] })
  await upgrade(world, id)
  await arrives(world, id, 'upgrade', 'error')
  cloud.setFaults({ rules: [{ match: { operation: 'Microsoft.Compute/snapshots/delete' }, fault: 'deny' }] })
  await rollback(world, id)
  expect(await arrives(world, id, 'stop', 'error')).toMatchObject({ activationState: 'terminable', upgradeInProgress: { from: '3.8.0' } })
  cloud.setFaults({ rules: [] })
  expect(await rollback(world, id)).toMatchObject({ code: 202 })
  await arrives(world, id, 'stop', 'stopped')
  await isAsBefore(id, 'twice', names)
  await terminated(world, id, 'twice')
}, 120_000)

test('a cluster that is deleted in the middle of its upgrade leaves nothing', async () => {
  const { api } = world
  const { id } = await created(world, 'deleted')
  await upgrade(world, id)
  await until(async () => (await api.cluster(id))?.state === 'starting-hopsworks', 60)
  await terminated(world, id, 'deleted')
  expect(await api.cluster(id)).toBeUndefined()
}, 120_000)

const ROLE = 'Slipway control plane'
