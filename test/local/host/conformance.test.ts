import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { azurite } from '../../azurite.ts'
import { hostProcess } from './host-process.ts'

const root = path.resolve(__dirname, '../../..')
/** What the official host answered, and how to ask again; lies beside the repository. */
const conformance = path.resolve(root, '../shared/tools/host-conformance')
const conformanceTest = existsSync(conformance) ? test.concurrent : test.skip

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

conformanceTest(
  'an open host answers as the official one',
  async () => {
    const record = await recordHost('open', [], {})
    withoutKeylessDelivery(record)
    expect(await run('compare.mjs', [record, '--open'])).toMatch(/ 0 failed/)
  },
  120_000,
)

conformanceTest(
  'a host with keys answers as the official one',
  async () => {
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
  },
  120_000,
)

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

/**
 * The recorded official host has refused the delivery without a key. An open host lets it in: compare.mjs passes over that answer, but would
 * count the call of the handler that follows from it.
 */
function withoutKeylessDelivery(record: string): void {
  const recorded: { handlerCalls: { fn: string; e?: { id: string; data: { a?: number } } }[] } = JSON.parse(readFileSync(record, 'utf8'))
  const keyless = recorded.handlerCalls.findLastIndex(({ fn, e }) => fn === 'eg' && e?.id === 'e1' && e.data.a === 1)
  recorded.handlerCalls.splice(keyless, 1)
  writeFileSync(record, JSON.stringify(recorded))
}

/** Standard output of one of the programs. */
async function run(program: string, args: readonly string[], environment: Record<string, string> = {}): Promise<string> {
  const child = spawn(process.execPath, [path.join(conformance, program), ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return text(child.stdout)
}
