import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

const MAIN = resolve('local/cloud/main.ts')
const NODE = resolve('node_modules/.bin/node')

describe('the simulator as a process', () => {
  let dataDir: string
  let running: ChildProcess | undefined
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'slipway-cloud-main-'))
  })
  afterAll(() => {
    running?.kill('SIGKILL')
    rmSync(dataDir, { recursive: true, force: true })
  })

  async function start(...args: string[]) {
    const child = spawn(NODE, [MAIN, '--data', dataDir, '--speed', '1000', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    running = child
    for await (const line of createInterface({ input: child.stdout })) return { child, ready: JSON.parse(line) }
    throw new Error('It ended before it was ready.')
  }

  it('says where it listens in one line, survives kill -9, ends on SIGTERM', async () => {
    const first = await start('--tls-port', '0')
    expect(first.ready).toMatchObject({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      tlsUrl: expect.stringContaining('https://'),
      pid: first.child.pid,
    })
    expect((await fetch(first.ready.url)).status).toBe(200)
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')

    const second = await start()
    expect(await (await fetch(second.ready.url)).json()).toMatchObject({ speed: 1000 })
    second.child.kill('SIGTERM')
    expect(await once(second.child, 'exit')).toEqual([0, null])
  })

  it.each([
    ['no data directory', []],
    ['a port that is none', ['--data', 'x', '--port', '70000']],
    ['an unknown option', ['--colour']],
  ])('says in a sentence what is wrong with %s', async (_, args) => {
    const child = spawn(NODE, [MAIN, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
    const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
    expect(code).toBe(1)
    expect(complaint).toContain('Usage:')
    expect(complaint).not.toContain('    at ')
  })

  it('refuses a fault plan that it does not understand', async () => {
    const plan = join(dataDir, 'faults.json')
    writeFileSync(plan, JSON.stringify({ rules: [{ fault: 7 }] }))
    const child = spawn(NODE, [MAIN, '--data', dataDir, '--faults', plan], { stdio: ['ignore', 'ignore', 'pipe'] })
    const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
    expect(code).toBe(1)
    expect(complaint).toContain('rules[0].fault')
  })
})
