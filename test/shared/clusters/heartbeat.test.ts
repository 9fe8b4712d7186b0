import * as z from 'zod'
import { agentKeyOf, identifyAgent, removeAgentKey } from '../../../shared/agents/agent-key.ts'
import { agentStatusOf, putAgentStatus, unseen } from '../../../shared/agents/agent-status.ts'
import { heartbeatSchema } from '../../../shared/agents/heartbeat-wire.ts'
import { autoscaleCluster } from '../../../shared/autoscale/autoscale-cluster.ts'
import { autoscaleBaseSchema } from '../../../shared/autoscale/configuration.ts'
import { WATCHED, watchList } from '../../../shared/autoscale/watch-list.ts'
import { getCluster, insertCluster, updateCluster } from '../../../shared/clusters/cluster-store.ts'
import { FIRST_PASSWORD, passwordOf } from '../../../shared/clusters/first-password.ts'
import { answerHeartbeat } from '../../../shared/clusters/heartbeat.ts'
import { toWire } from '../../../shared/clusters/to-wire.ts'
import type { Orchestrations } from '../../../shared/operations/orchestrations.ts'
import { testServices } from '../../services.ts'
import { draftedCluster } from './drafts.ts'

const services = testServices()
const drafted = draftedCluster()
const cluster = {
  ...drafted,
  nodes: drafted.nodes.map((node) => (node.name === 'demo-worker-1' ? { ...node, privateIp: '10.0.0.7' } : node)),
}

const beat = (changes: object = {}, more: object = {}) =>
  answerHeartbeat(
    services,
    cluster.id,
    heartbeatSchema.parse({
      decommissioningNodes: [],
      firstHeartBeat: false,
      agent: {
        release: '1.0.0',
        nodeId: 'node-0',
        bootId: 'b1',
        state: 'installing',
        stage: 'one',
        progress: 0.1,
        logTail: '',
        ...changes,
      },
      ...more,
    }),
  )
const status = async () => (await agentStatusOf(services, cluster.id)) ?? unseen

beforeAll(async () => {
  await insertCluster(services, cluster)
  await putAgentStatus(services, cluster.id, { ...unseen, commands: [{ ...FIRST_PASSWORD, status: 'NEW', message: '' }] })
})

test('an agent is told of the other nodes in the words of its protocol, and of workers once they are there', async () => {
  const answer = await beat()
  expect(answer.version).toEqual({ major: 0, minor: 2, patch: 0 })
  expect(answer.workers.map(({ host, nodeType }) => [host, nodeType])).toEqual([
    ['demo-rondb-0', 'rondb_all-in-one'],
    ['demo-worker-1', 'worker'],
  ])
})

test('a command is repeated until its end is told, and its password is stored nowhere but among the secrets', async () => {
  const password = await passwordOf(services, cluster.id)
  const given = { id: 'first-password', type: 'CHANGE_PASSWORD', user: 'admin@hopsworks.ai', password }
  expect((await beat()).commands).toEqual([given])
  expect((await beat({}, { commandsStatus: { 'first-password': { status: 'ONGOING', message: '' } } })).commands).toEqual([given])
  expect(JSON.stringify(await status())).not.toContain(password)
  expect((await beat({}, { commandsStatus: { 'first-password': { status: 'SUCCEED', message: '' } } })).commands).toEqual([])
})

test('what changed is written at once, what only moves every few seconds', async () => {
  await beat({ stage: 'two' })
  expect((await status()).agent?.stage).toBe('two')
  await beat({ stage: 'two', progress: 0.5 })
  expect((await status()).agent?.progress).toBe(0.1)
  services.advance(5000)
  await beat({ stage: 'two', progress: 0.6 })
  expect((await status()).agent?.progress).toBe(0.6)
})

test('zeros are a load, and what an agent leaves out is not: it is kept as unknown', async () => {
  const load = { allocatedVcores: 0, pendingVcores: 0, allocatedMemoryMB: 0, pendingMemoryMB: 0 }
  services.advance(5000)
  await beat({}, load)
  expect(await status()).toMatchObject(load)
  services.advance(5000)
  await beat({}, { allocatedVcores: 4 })
  for (const name of Object.keys(load)) expect(await status()).not.toHaveProperty(name)
})

test('a cluster whose workers are to scale with a load that nobody tells keeps them, and shows why', async () => {
  const { location } = cluster.request
  const size = { name: 'Standard_D4_v3', family: 'D', vCpus: 4, memory: 16, nvme: false, premiumStorage: false, temporaryDisk: true }
  const table = services.tables.table('machinesizes', z.any())
  await table.upsert(cluster.accountId, location, { at: services.clock.now(), sizes: [{ ...size, restricted: false }] })
  const autoscale = autoscaleBaseSchema.parse({ instanceType: size.name, downscaleWaitTime: 60 })
  const nodes = cluster.nodes.map((node) => (node.role === 'worker' ? { ...node, privateIp: '10.0.0.7' } : node))
  await updateCluster(services, cluster.id, (current) => ({ ...current, state: 'running', nodes, autoscale }))
  const begun: string[] = []
  const orchestrations: Orchestrations = {
    start: async (name) => void begun.push(name),
    status: async () => 'running',
    purge: async () => {},
  }
  /** A minute goes by; what is begun is not done here. */
  const minute = async (load: object) => {
    services.advance(60_000)
    await beat({ state: 'ready' }, load)
    const watched = (await watchList(services).get(WATCHED, cluster.id))?.value ?? {}
    await autoscaleCluster(services, orchestrations, cluster.id, watched)
    return toWire(await getCluster(services, cluster.id))
  }
  const idle = { allocatedVcores: 0, pendingVcores: 0, allocatedMemoryMB: 0, pendingMemoryMB: 0 }
  await minute(idle)
  expect(await minute({})).toMatchObject({ state: 'running', loadUnknown: true, managedWorkers: [{ count: 2 }] })
  expect(await minute(idle)).not.toHaveProperty('loadUnknown')
  expect(begun).toEqual([])
  await minute(idle)
  expect(begun).toHaveLength(1)
})

test("an agent's key opens only while its cluster has it", async () => {
  const identity = { clusterId: cluster.id, nodeId: 'node-0' }
  const key = await agentKeyOf(services, identity, () => 'k'.repeat(43))
  expect(await agentKeyOf(services, identity, () => 'l'.repeat(43))).toBe(key)
  expect(await identifyAgent(services, key)).toEqual(identity)
  expect(await identifyAgent(services, `swa_${'x'.repeat(43)}`)).toBeUndefined()
  await removeAgentKey(services, cluster.id)
  expect(await identifyAgent(services, key)).toBeUndefined()
})

test('a key that outlives its cluster by seconds is refused', async () => {
  const heartbeat = heartbeatSchema.parse({
    agent: { release: '1', nodeId: 'n', bootId: 'b', state: 'ready', stage: '', progress: 1, logTail: '' },
  })
  await expect(answerHeartbeat(services, '01932c5e-0000-7000-8000-000000000000', heartbeat)).rejects.toMatchObject({
    problem: { code: 'forbidden' },
  })
})
