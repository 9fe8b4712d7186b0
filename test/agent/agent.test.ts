import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { json } from 'node:stream/consumers'
import { until } from '../until.ts'

interface Heartbeat {
  readonly firstHeartBeat: boolean
  readonly decommissionedNodes: readonly { nodeId: string }[]
  readonly commandsStatus: Readonly<Record<string, { status: string; message: string }>>
  readonly allocatedVcores?: number
  readonly agent: { bootId: string; state: string; stage: string; progress: number; logTail: string; error?: string }
}

/** The control plane as the agent sees it: takes heartbeats, answers with what it is told to answer. */
class ControlPlane {
  readonly heartbeats: Heartbeat[] = []
  readonly keys = new Set<string>()
  answer: { status: number; commands: object[]; workers: object[] } = { status: 200, commands: [], workers: [] }
  readonly server: Server = createServer(async (request, response) => {
    this.keys.add(`${request.headers['x-api-key']}`)
    this.heartbeats.push((await json(request)) as Heartbeat)
    const { status, commands, workers } = this.answer
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify({ code: status, payload: { version: { major: 0, minor: 2, patch: 0 }, commands, workers, blockedUsers: [] } }),
    )
  })

  get last(): Heartbeat | undefined {
    return this.heartbeats.at(-1)
  }

  async listen(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening')
    const address = this.server.address()
    return typeof address === 'object' && address ? `http://127.0.0.1:${address.port}/api` : ''
  }
}

let folder: string
let plane: ControlPlane
let agents: ChildProcess[]

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'slipway-agent-'))
  plane = new ControlPlane()
  agents = []
})

afterEach(async () => {
  for (const agent of agents)
    if (agent.exitCode === null && agent.signalCode === null) await Promise.all([once(agent, 'exit'), agent.kill('SIGKILL')])
  plane.server.closeAllConnections()
  await new Promise((resolve) => plane.server.close(resolve))
  rmSync(folder, { recursive: true })
})

async function startAgent(settings: object): Promise<ChildProcess> {
  const api = plane.server.listening ? readConfig().api : await plane.listen()
  const config = {
    api,
    key: 'swa_secret',
    clusterId: 'c',
    nodeId: 'n',
    nodeName: 'demo-master',
    version: '3.9.0',
    heartbeatSeconds: 0.05,
    install: null,
  }
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify({ ...config, ...settings }))
  const file = path.resolve(__dirname, '../../agent/slipway_agent.py')
  const agent = spawn('python3', [file, '--config', path.join(folder, 'config.json'), '--state', path.join(folder, 'state.json')], {
    stdio: 'ignore',
  })
  agents.push(agent)
  return agent
}

const readConfig = (): { api: string } => JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8'))
const bash = (script: string) => ['bash', '-c', script]

test('an image that brings Hopsworks is ready with the first heartbeats, under its own key', async () => {
  await startAgent({})
  await until(() => plane.last?.agent.state === 'ready')
  expect(plane.heartbeats[0]?.firstHeartBeat).toBe(true)
  await until(() => plane.last?.firstHeartBeat === false)
  expect([...plane.keys]).toEqual(['swa_secret'])
})

test('an installation is watched: progress, stage and the tail of its log, then ready', async () => {
  const go = path.join(folder, 'go')
  await startAgent({
    install: {
      command: bash(`echo "slipway-progress 0.4 Installing RonDB"; echo fetching binaries; until [ -e ${go} ]; do sleep 0.05; done`),
      check: bash('true'),
    },
  })
  await until(() => plane.last?.agent.progress === 0.4)
  expect(plane.last?.agent).toMatchObject({ state: 'installing', stage: 'Installing RonDB' })
  await until(() => plane.last?.agent.logTail.includes('fetching binaries') === true)
  writeFileSync(go, '')
  await until(() => plane.last?.agent.state === 'ready')
})

test('the installation is told the addresses of the workers', async () => {
  plane.answer.workers = [
    { nodeId: 'w1', ip: '10.0.0.5', nodeType: 'worker' },
    { nodeId: 'd1', ip: '10.0.0.9', nodeType: 'ndb_ndbd' },
    { nodeId: 'w2', ip: '10.0.0.6', nodeType: 'worker' },
  ]
  await startAgent({ install: { command: bash('echo "workers: $SLIPWAY_WORKERS"') } })
  await until(() => plane.last?.agent.state === 'ready')
  expect(plane.last?.agent.logTail).toBe('workers: 10.0.0.5,10.0.0.6\n')
})

test('a failed installation says why, and is tried again when it is asked to', async () => {
  const fixed = path.join(folder, 'fixed')
  await startAgent({ install: { command: bash(`[ -e ${fixed} ] || { echo no space left; exit 7; }`) } })
  await until(() => plane.last?.agent.state === 'failed')
  expect(plane.last?.agent.error).toMatch(/exit code 7: no space left/)
  writeFileSync(fixed, '')
  plane.answer.commands = [{ id: 'again', type: 'INSTALL' }]
  await until(() => plane.last?.commandsStatus.again?.status === 'SUCCEED')
  expect(plane.last?.agent).toMatchObject({ state: 'ready' })
  expect(plane.last?.agent.error).toBeUndefined()
})

test('what is asked for while it installs is done once Hopsworks runs', async () => {
  const [go, record] = [path.join(folder, 'go'), path.join(folder, 'record')]
  plane.answer.commands = [{ id: 'p1', type: 'CHANGE_PASSWORD', user: 'admin@hopsworks.ai', password: 'correct horse' }]
  await startAgent({
    install: {
      command: bash(`until [ -e ${go} ]; do sleep 0.05; done; echo installed >> ${record}`),
      password: bash(`cat > /dev/null; echo changed >> ${record}`),
    },
  })
  await until(() => plane.heartbeats.length > 5)
  expect(plane.last).toMatchObject({ commandsStatus: {}, agent: { state: 'installing' } })
  writeFileSync(go, '')
  await until(() => plane.last?.commandsStatus.p1?.status === 'SUCCEED')
  expect(readFileSync(record, 'utf8')).toBe('installed\nchanged\n')
})

test('after kill -9 it does not install twice, and reports itself as a new boot', async () => {
  const installs = path.join(folder, 'installs')
  const agent = await startAgent({ install: { command: bash(`echo once >> ${installs}`) } })
  await until(() => plane.last?.agent.state === 'ready')
  const boot = plane.last?.agent.bootId
  agent.kill('SIGKILL')
  await once(agent, 'exit')
  await startAgent({ install: { command: bash(`echo once >> ${installs}`) } })
  await until(() => plane.last?.agent.bootId !== boot && plane.last?.agent.state === 'ready')
  expect(readFileSync(installs, 'utf8')).toBe('once\n')
})

test('the first password is set once, by standard input, and shows up in no log and no state', async () => {
  const record = path.join(folder, 'password')
  await startAgent({ install: { command: bash('true'), password: bash(`cat >> ${record}`) } })
  plane.answer.commands = [{ id: 'p1', type: 'CHANGE_PASSWORD', user: 'admin@hopsworks.ai', password: 'correct horse' }]
  await until(() => plane.last?.commandsStatus.p1?.status === 'SUCCEED')
  await until(() => plane.heartbeats.length > 12)
  expect(readFileSync(record, 'utf8')).toBe('admin@hopsworks.ai\ncorrect horse\n')
  expect(JSON.stringify(plane.heartbeats)).not.toContain('correct horse')
  expect(readFileSync(path.join(folder, 'state.json'), 'utf8')).not.toContain('correct horse')
})

test('workers of the asked size are decommissioned one by one and reported', async () => {
  plane.answer.workers = [
    { nodeId: 'w1', host: 'demo-worker-1', instanceType: 'Standard_D4_v3', nodeType: 'worker' },
    { nodeId: 'w2', host: 'demo-worker-2', instanceType: 'Standard_D8_v3', nodeType: 'worker' },
  ]
  const record = path.join(folder, 'decommissioned')
  await startAgent({ decommission: ['bash', '-c', `echo $0 >> ${record}`] })
  await until(() => plane.last?.agent.state === 'ready')
  plane.answer.commands = [{ id: 'r1', type: 'REMOVE_NODES', nodesToRemove: { Standard_D8_v3: 1 } }]
  await until(() => plane.last?.commandsStatus.r1?.status === 'SUCCEED')
  expect(plane.last?.decommissionedNodes.map((node) => node.nodeId)).toEqual(['w2'])
  expect(readFileSync(record, 'utf8')).toBe('demo-worker-2\n')
})

test("the load is what the version's command says", async () => {
  await startAgent({
    load: ['echo', JSON.stringify({ allocatedVcores: 4, pendingVcores: 0, allocatedMemoryMB: 16_384, pendingMemoryMB: 0, more: true })],
  })
  await until(() => plane.last?.agent.state === 'ready')
  await until(() => plane.last?.allocatedVcores !== undefined)
  expect(plane.last).toMatchObject({ allocatedVcores: 4, pendingVcores: 0, allocatedMemoryMB: 16_384, pendingMemoryMB: 0 })
  expect(plane.last).not.toHaveProperty('more')
})

const amounts = ['allocatedVcores', 'pendingVcores', 'allocatedMemoryMB', 'pendingMemoryMB']

test.each<[string, readonly string[] | undefined]>([
  ['has no command for it', undefined],
  ['has a command that fails', ['false']],
  ['has a command that prints no JSON', ['echo', 'idle']],
  ['has a command that prints another kind of JSON', ['echo', '[4]']],
  ['has a command that tells a part of it', ['echo', '{"allocatedVcores":4}']],
  ['has a command that prints a number that cannot be', ['echo', JSON.stringify(Object.fromEntries(amounts.map((name) => [name, -1])))]],
  ['has a command that prints a number beyond all numbers', ['echo', `{${amounts.map((name) => `"${name}":Infinity`)}}`]],
])('no load is told where the version %s', async (_what, load) => {
  const asked = path.join(folder, 'asked')
  await startAgent(load ? { load: bash(`echo >> ${asked}; ${load.map((part) => `'${part}'`).join(' ')}`) } : {})
  // The heartbeat after the second question tells of the first.
  await until(() => plane.last?.agent.state === 'ready' && (!load || (existsSync(asked) && readFileSync(asked, 'utf8').length > 1)))
  for (const heartbeat of plane.heartbeats) for (const name of amounts) expect(heartbeat).not.toHaveProperty(name)
})

test('what it cannot do it refuses by name', async () => {
  await startAgent({})
  plane.answer.commands = [
    { id: 'b1', type: 'BACKUP', backupId: 'x' },
    { id: 'm1', type: 'DECOMMISSION_NODE' },
  ]
  await until(() => plane.last?.commandsStatus.m1?.status === 'FAILED')
  expect(plane.last?.commandsStatus.b1).toEqual({ status: 'FAILED', message: "this version's catalogue entry has no command for BACKUP" })
  expect(plane.last?.commandsStatus.m1?.message).toBe('malformed DECOMMISSION_NODE command')
})

test('it outlives a control plane that answers with errors, and goes on when it is back', async () => {
  await startAgent({})
  await until(() => plane.heartbeats.length > 1)
  plane.answer.status = 503
  const before = plane.heartbeats.length
  await until(() => plane.heartbeats.length > before + 2)
  plane.answer.status = 200
  plane.answer.commands = [{ id: 'c1', type: 'BACKUP', backupId: 'x' }]
  await until(() => plane.last?.commandsStatus.c1 !== undefined)
})

test('SIGTERM ends it and the installer that it runs', async () => {
  const pid = path.join(folder, 'pid')
  const agent = await startAgent({ install: { command: bash(`echo $$ > ${pid}; while true; do sleep 0.1; done`) } })
  await until(() => existsSync(pid) && readFileSync(pid, 'utf8').endsWith('\n'))
  agent.kill('SIGTERM')
  await once(agent, 'exit')
  expect(agent.exitCode).toBe(0)
  await until(
    () =>
      !existsSync(`/proc/${readFileSync(pid, 'utf8').trim()}/cmdline`) ||
      readFileSync(`/proc/${readFileSync(pid, 'utf8').trim()}/cmdline`).length === 0,
  )
})
