import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isAlive } from '../is-alive.ts'
import { until } from '../until.ts'
import { discard, type LocalWorld, openLocalWorld, startLocalWorld } from '../world.ts'
import { Api } from './api.ts'
import { tryOnceMore } from './sweep/once-more.ts'

tryOnceMore()

const ROOT = path.resolve(__dirname, '../..')
const worlds: LocalWorld[] = []
const start = async (...options: string[]) => {
  const world = await startLocalWorld(...options)
  worlds.push(world)
  return world
}
afterEach(async () => {
  await Promise.all(worlds.splice(0).map(discard))
})

function startOnce(...args: string[]): { code: number | null; out: string; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['local/start.mjs', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { code: status, out: stdout, said: stderr }
}

test('Ctrl-C ends everything that was started; the next start goes on with the same clusters, key and ports', async () => {
  const first = await start('--speed', '400')
  const id = await new Api(first).create({
    name: 'kept',
    clusterConfiguration: { head: { instanceType: 'Standard_D8_v3', diskSize: 512, haEnabled: false }, workers: [] },
  })
  expect(await first.stop()).toBe(0)
  for (const pid of Object.values(first.pids)) expect(isAlive(pid)).toBe(false)

  const second = await openLocalWorld(first.data, '--port', '0', '--speed', '400')
  worlds.push(second)
  expect(second.key).toBe(first.key)
  await until(async () => (await new Api(second).cluster(id))?.state === 'running', 60)
}, 120_000)

test('kill -9 of npm start leaves no process behind', async () => {
  const world = await start()
  world.process.kill('SIGKILL')
  await until(() => Object.values(world.pids).every((pid) => !isAlive(pid)))
}, 60_000)

test('a part that dies is started again, and says so', async () => {
  const world = await start()
  process.kill(world.pids.host, 'SIGKILL')
  await until(() => world.said().includes('host runs again'))
  await until(async () => (await fetch(`${world.api}/api/health`).catch(() => undefined))?.status === 200)
}, 60_000)

test('two worlds run side by side and know nothing of each other', async () => {
  const [one, other] = await Promise.all([start('--speed', '400'), start('--speed', '400')])
  await new Api(one).create({ name: 'mine' })
  expect((await new Api(other).call<{ clusters: unknown[] }>('GET', '/api/clusters')).payload.clusters).toEqual([])
  expect((await fetch(`${other.api}/api/clusters`, { headers: { 'x-api-key': one.key } })).status).toBe(403)
}, 60_000)

test('the key is for its owner alone', async () => {
  const world = await start()
  expect(statSync(path.join(world.data, 'operator-key')).mode & 0o777).toBe(0o600)
  expect(world.said()).not.toContain(world.key)
}, 60_000)

test('a taken port, a folder in use and a broken fault plan are one clear sentence and exit code 1', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const data = mkdtempSync(path.join(tmpdir(), 'slipway-start-'))
  expect(startOnce('--port', `${port}`, '--data', data)).toEqual({
    code: 1,
    out: '',
    said: `Port ${port} is taken by another program; choose others with npm start -- --port ${port + 10}.\n`,
  })
  server.close()

  const faults = `${data}.faults.json`
  writeFileSync(faults, '{"rules": [{"fault": 7}]}')
  const broken = startOnce('--port', '0', '--data', data, '--faults', faults)
  expect(broken).toMatchObject({ code: 1, out: '' })
  expect(broken.said).toMatch(/^azure did not start: .*fault.*\n$/)
  rmSync(faults)
  rmSync(data, { recursive: true })
}, 60_000)

test('--help documents every option', () => {
  const { code, out } = startOnce('--help')
  expect(code).toBe(0)
  for (const option of ['port', 'speed', 'seed', 'faults', 'data', 'reset', 'json']) expect(out).toContain(`--${option}`)
})

test('a Node that is too old is told how to get a newer one', () => {
  const old = path.join(mkdtempSync(path.join(tmpdir(), 'slipway-old-')), 'old.mjs')
  writeFileSync(
    old,
    `Object.defineProperty(process.versions, 'node', { value: '18.19.0' }); await import(${JSON.stringify(path.join(ROOT, 'local/start.mjs'))})`,
  )
  const { status, stderr } = spawnSync(process.execPath, [old], { encoding: 'utf8' })
  expect(status).toBe(1)
  expect(stderr).toBe('Slipway needs Node 22.18 or newer and this is 18.19.0: run `npm ci`, which brings Node 24, then `npm start`.\n')
  rmSync(path.dirname(old), { recursive: true })
})
