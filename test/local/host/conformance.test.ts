import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { azurite } from '../../azurite.ts'
import { hostProcess } from './host-process.ts'

const root = path.resolve(__dirname, '../../..')
/** What the official host answered, and how to ask again. A newer recording beside the repository goes before our copy. */
const beside = path.resolve(root, '../shared/tools/host-conformance')
const conformance = existsSync(beside) ? beside : path.join(__dirname, 'conformance')

/** Below the repository, so that the app finds the installed libraries. */
let folder: string

beforeAll(() => {
  mkdirSync(path.join(root, '.local'), { recursive: true })
  folder = mkdtempSync(path.join(root, '.local/conformance-'))
})

afterAll(() => rmSync(folder, { recursive: true }))

const KEYS = {
  master: 'master-0c2f7ad1',
  function: 'function-51b6e0aa',
  system: { eventgrid_extension: 'eventgrid-9d0e4c77', durabletask_extension: 'durabletask-8a1b3f60' },
}

test.concurrent('an open host answers as the official one', async () => {
  const record = await recordHost('open', [], {})
  expect(await run('compare.mjs', [record, '--open'])).toMatch(/ 0 failed/)
}, 120_000)

test.concurrent('a host with keys answers as the official one', async () => {
  const keys = path.join(folder, 'keys.json')
  writeFileSync(keys, JSON.stringify(KEYS))
  const { master, function: fn, system } = KEYS
  const record = await recordHost('keys', ['--keys', keys], {
    MASTER_KEY: master,
    FUNCTION_KEY: fn,
    EVENTGRID_KEY: system.eventgrid_extension,
    DURABLE_KEY: system.durabletask_extension,
  })
  expect(await run('compare.mjs', [record])).toMatch(/ 0 failed/)
}, 120_000)

async function recordHost(name: string, args: readonly string[], environment: Record<string, string>): Promise<string> {
  const app = path.join(folder, name)
  cpSync(path.join(conformance, 'app'), app, { recursive: true })
  const host = hostProcess(['--app', app, '--port', '0', ...args], { AzureWebJobsStorage: azurite().connectionString })
  const { url } = (await host.ready) ?? { url: host.errors() }
  const record = path.join(folder, `${name}.json`)
  await run('record.mjs', [record], { HOST_URL: url, ...environment })
  host.child.kill('SIGTERM')
  expect(await host.exit).toBe(0)
  return record
}

/** Standard output of one of the programs. */
async function run(program: string, args: readonly string[], environment: Record<string, string> = {}): Promise<string> {
  const child = spawn(process.execPath, [path.join(conformance, program), ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return text(child.stdout)
}
