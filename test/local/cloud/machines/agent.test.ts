import { type FakeClock, fakeClock } from '../../../../local/clock.ts'
import { type AgentMemory, newMemory, startAgent } from '../../../../local/cloud/machines/agent.ts'
import { until } from '../../../until.ts'
import { type HeartbeatApi, heartbeatApi } from './api.ts'

const latencies = {
  installSeconds: 100,
  startSeconds: 20,
  decommissionSeconds: 10,
  backupSeconds: 30,
  passwordSeconds: 1,
  healthSeconds: 5,
}

let api: HeartbeatApi
let clock: FakeClock
/** The agent has a timer running: nothing is under way. */
let armed: () => boolean
let memory: AgentMemory
let stop: (() => void) | undefined

beforeEach(async () => {
  api = await heartbeatApi()
  memory = newMemory
  const fake = fakeClock(0)
  const waiting = new Set<object>()
  armed = () => waiting.size > 0
  clock = {
    ...fake,
    after(ms, wake) {
      const timer = {}
      waiting.add(timer)
      const disarm = fake.after(ms, () => {
        waiting.delete(timer)
        wake()
      })
      return () => {
        waiting.delete(timer)
        disarm()
      }
    },
  }
})

afterEach(async () => {
  stop?.()
  await api.close()
})

function start(options: { install?: boolean; installFails?: boolean; failsAgain?: boolean; silent?: () => boolean; bootId?: string } = {}) {
  stop?.()
  stop = startAgent({
    config: {
      api: api.url,
      key: 'swa_key',
      clusterId: 'c',
      nodeId: 'n1',
      nodeName: 'one-master',
      version: '3.9.0',
      heartbeatSeconds: 3,
      install: null,
    },
    boot: {
      bootId: options.bootId ?? 'boot-1',
      bootedAt: clock.now(),
      install: options.install ?? false,
      installFails: options.installFails ?? false,
    },
    latencies,
    clock,
    random: () => 0.5,
    demand: () => ({ vcores: 6, memoryMB: 0 }),
    silent: options.silent ?? (() => false),
    installFails: () => options.failsAgain ?? false,
    fails: (type) => type === 'HEALTH:doomed',
    memory: {
      read: () => memory,
      write: (next) => {
        memory = next
      },
    },
    log: (line) => {
      throw new Error(line)
    },
  })
  clock.advance(0)
}

/** Moves on by seconds; whenever a heartbeat goes out, time stands still until its answer has been dealt with. */
async function pass(seconds: number) {
  for (let i = 0; i < seconds; i++) {
    clock.advance(1000)
    await until(armed)
  }
}

const last = () => api.beats.at(-1)?.body
const first = () => until(() => api.beats.length > 0 && armed())

describe('the simulated agent', () => {
  test('sends its key, version and where it is at', async () => {
    start({ install: true })
    await first()
    expect(api.beats[0]).toMatchObject({
      path: '/api/agent/heartbeat',
      headers: { 'x-api-key': 'swa_key' },
      body: {
        version: { major: 0, minor: 2, patch: 0 },
        firstHeartBeat: true,
        agent: { nodeId: 'n1', bootId: 'boot-1', state: 'installing' },
      },
    })
    await pass(4)
    expect(last()?.firstHeartBeat).toBe(false)
  })

  test('becomes ready and tells it at once', async () => {
    api.payload = { heartbeatSeconds: 3600 }
    start({ install: true })
    await first()
    await pass(125)
    expect(last()?.agent).toMatchObject({ state: 'ready', progress: 1 })
    expect(memory.installed).toBe(true)
  })

  test('tells a failed installation', async () => {
    start({ install: true, installFails: true })
    await first()
    await pass(60)
    expect(last()?.agent).toMatchObject({ state: 'failed', error: expect.stringContaining('RonDB') })
  })

  test('installs again when it is asked to, and says what came of it', async () => {
    start({ install: true, installFails: true })
    await first()
    await pass(60)
    api.payload = { commands: [{ id: 'again', type: 'INSTALL' }] }
    await pass(10)
    expect(last()).toMatchObject({ commandsStatus: { again: { status: 'ONGOING' } }, agent: { state: 'installing' } })
    await pass(125)
    expect(last()).toMatchObject({ commandsStatus: { again: { status: 'SUCCEED' } }, agent: { state: 'ready' } })
    expect(memory.installed).toBe(true)
  })

  test('can fail again, each time that it is asked to install', async () => {
    start({ install: true, installFails: true, failsAgain: true })
    await first()
    for (const id of ['second', 'third']) {
      await pass(60)
      api.payload = { commands: [{ id, type: 'INSTALL' }] }
      await pass(70)
      expect(last()).toMatchObject({ commandsStatus: { [id]: { status: 'FAILED' } }, agent: { state: 'failed' } })
    }
    expect(memory.installed).toBe(false)
  })

  test('waits with commands until Hopsworks runs, then runs each once', async () => {
    api.payload = { commands: [{ id: 'p1', type: 'CHANGE_PASSWORD', user: 'admin@hopsworks.ai', password: 'secret' }] }
    start()
    await first()
    await pass(12)
    expect(last()).toMatchObject({ commandsStatus: {}, agent: { state: 'starting' } })
    await pass(20)
    expect(last()?.commandsStatus).toEqual({ p1: { status: 'SUCCEED', message: '' } })
    expect(JSON.stringify(memory)).not.toContain('secret')
    api.payload = {}
    await pass(8)
    expect(last()?.commandsStatus).toEqual({})
    api.payload = { commands: [{ id: 'p1', type: 'CHANGE_PASSWORD' }] }
    await pass(8)
    expect(last()?.commandsStatus).toEqual({ p1: { status: 'SUCCEED', message: '' } })
  })

  test('decommissions the asked number of workers of a type, and tells of them until they are gone', async () => {
    const worker = (nodeId: string, instanceType: string) => ({
      nodeId,
      host: nodeId,
      ip: '10.0.0.9',
      instanceType,
      instanceState: 'running',
      nodeType: 'worker',
    })
    const workers = [worker('w1', 'Standard_D4_v3'), worker('w2', 'Standard_D4_v3'), worker('w3', 'Standard_D8_v3')]
    start()
    await first()
    await pass(25)
    api.payload = { workers, commands: [{ id: 'r1', type: 'REMOVE_NODES', nodesToRemove: { Standard_D4_v3: 1 } }] }
    await pass(8)
    expect(last()).toMatchObject({
      commandsStatus: { r1: { status: 'ONGOING' } },
      decommissioningNodes: [{ nodeId: 'w2' }],
      decommissionedNodes: [],
    })
    await pass(12)
    expect(last()).toMatchObject({
      commandsStatus: { r1: { status: 'SUCCEED' } },
      decommissioningNodes: [],
      decommissionedNodes: [{ nodeId: 'w2' }],
    })
    api.payload = { workers: workers.filter(({ nodeId }) => nodeId !== 'w2') }
    await pass(8)
    expect(last()?.decommissionedNodes).toEqual([])
  })

  test('refuses a command it does not know', async () => {
    start()
    await first()
    await pass(25)
    api.payload = { commands: [{ id: 'x', type: 'SELF_DESTRUCT' }] }
    await pass(8)
    expect(last()?.commandsStatus.x).toMatchObject({ status: 'FAILED' })
  })

  test('runs the checks of an agent.json, and tells of the one that the fault plan lets fail', async () => {
    start()
    await first()
    await pass(25)
    api.payload = {
      commands: [
        { id: 'h1', type: 'HEALTH:api' },
        { id: 'h2', type: 'HEALTH:doomed' },
      ],
    }
    await pass(20)
    expect(last()?.commandsStatus).toMatchObject({
      h1: { status: 'SUCCEED' },
      h2: { status: 'FAILED', message: 'The command ended with exit code 1' },
    })
  })

  test('outlives an API that is away, with growing gaps, and comes back', async () => {
    start()
    await first()
    api.away(true)
    await pass(60)
    const before = api.beats.length
    api.away(false)
    await pass(31)
    expect(api.beats.length).toBeGreaterThan(before)
  })

  test('asks once a minute whether the API knows it again after 403', async () => {
    api.status = 403
    start()
    await first()
    await pass(59)
    expect(api.beats).toHaveLength(1)
    await pass(3)
    expect(api.beats).toHaveLength(2)
  })

  test('says nothing while the fault plan silences it', async () => {
    let silent = true
    start({ silent: () => silent })
    await pass(10)
    expect(api.beats).toHaveLength(0)
    silent = false
    await pass(4)
    expect(api.beats.length).toBeGreaterThan(0)
  })

  test('goes on where its memory is, with no command run twice, after it was stopped', async () => {
    api.payload = { commands: [{ id: 'b1', type: 'BACKUP', backupId: 'x' }] }
    start()
    await first()
    await pass(60)
    expect(last()?.commandsStatus.b1?.status).toBe('SUCCEED')
    start({ bootId: 'boot-2' })
    await pass(25)
    expect(last()).toMatchObject({ agent: { bootId: 'boot-2' }, commandsStatus: { b1: { status: 'SUCCEED' } } })
  })
})
