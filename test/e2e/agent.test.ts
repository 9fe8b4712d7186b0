import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type ClusterWorld, clusterWorld } from '../cluster-world.ts'
import { until } from '../until.ts'
import { waitFor } from './waiters.ts'

/** Simulated machines stay mute: the agent of these tests is the real one, run as a process of this machine. */
const MUTE = { rules: [{ match: { operation: 'agent/heartbeat' }, fault: 'agent-silent' }] }

let world: ClusterWorld
let folder: string
let agent: ChildProcess | undefined

beforeAll(async () => {
  world = await clusterWorld({ faults: MUTE })
  folder = mkdtempSync(path.join(tmpdir(), 'slipway-head-'))
}, 60_000)

afterAll(async () => {
  if (agent?.exitCode === null && agent.signalCode === null) await Promise.all([once(agent, 'exit'), agent.kill('SIGTERM')])
  await world.end()
  rmSync(folder, { recursive: true })
})

interface WrittenFile {
  readonly path: string
  readonly content: string
  readonly encoding?: string
}

/** Does what cloud-init does on the machine: writes the files of its boot data, below a folder of ours. */
function boot(machine: string): void {
  const { hidden } = world.cloud.azure.resources.ofType('Microsoft.Compute/virtualMachines').find(({ name }) => name === machine) ?? {}
  const text = Buffer.from(`${hidden?.customData}`, 'base64').toString('utf8')
  expect(text.split('\n')[0]).toBe('#cloud-config')
  const { write_files: files } = JSON.parse(text.slice(text.indexOf('\n'))) as { write_files: readonly WrittenFile[] }
  for (const file of files) {
    mkdirSync(path.join(folder, path.dirname(file.path)), { recursive: true })
    writeFileSync(path.join(folder, file.path), decoded(file))
  }
}

function decoded({ content, encoding = '' }: WrittenFile): Buffer {
  const bytes = Buffer.from(content, encoding ? 'base64' : 'utf8')
  return encoding.startsWith('gz') ? gunzipSync(bytes) : bytes
}

/** Hopsworks is not installed on this machine: the commands of the version's entry are stood in for. */
function standIn(script: Readonly<Record<'command' | 'check' | 'password', string>>): void {
  const file = path.join(folder, 'etc/slipway/agent.json')
  const config = JSON.parse(readFileSync(file, 'utf8')) as { install: object }
  const commands = Object.fromEntries(Object.entries(script).map(([name, text]) => [name, ['bash', '-c', text]]))
  writeFileSync(file, JSON.stringify({ ...config, heartbeatSeconds: 0.1, install: { ...config.install, user: undefined, ...commands } }))
}

function startAgent(): ChildProcess {
  const at = (file: string) => path.join(folder, file)
  const args = [at('usr/local/lib/slipway/slipway_agent.py'), '--config', at('etc/slipway/agent.json'), '--state', at('state.json')]
  return spawn('python3', args, { stdio: 'inherit' })
}

test('the real agent, from its boot data, brings a cluster from installing to running and sets the first password', async () => {
  const id = await world.api.create({ name: 'real' })
  await until(async () => (await world.api.cluster(id))?.state === 'rondb-initializing')
  boot('real-master')
  const go = path.join(folder, 'go')
  const password = path.join(folder, 'password')
  standIn({
    command: `echo "slipway-progress 0.5 Installing RonDB"; until [ -e ${go} ]; do sleep 0.05; done`,
    check: 'true',
    password: `cat > ${password}`,
  })
  agent = startAgent()

  await until(async () => (await world.api.cluster(id))?.initializationStage === 'Installing RonDB')
  writeFileSync(go, '')
  expect(await waitFor(world.api, id, 'run')).toMatchObject({ end: 'running' })

  const { payload } = await world.api.call<{ user: string; password: string }>('GET', `/api/clusters/${id}/credentials`)
  expect(readFileSync(password, 'utf8')).toBe(`${payload.user}\n${payload.password}\n`)
}, 60_000)
