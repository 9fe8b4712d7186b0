import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { hostProcess } from './host-process.ts'
import { appFolder } from './test-host.ts'

let app: string
let files: string

beforeAll(async () => {
  app = await appFolder('http')
  files = mkdtempSync(path.join(app, 'files-'))
})

function write(name: string, content: unknown): string {
  const file = path.join(files, name)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

test('a host says when it is ready, lists its functions, and ends in peace when it is asked to', async () => {
  const host = hostProcess(['--app', app, '--port', '0'])
  const ready = await host.ready
  expect((await fetch(`${ready?.url}/api/items/1`)).status).toBe(200)
  expect(host.errors()).toContain('b-item: [GET]')
  host.child.kill('SIGINT')
  expect(await host.exit).toBe(0)
})

test('settings come from the file, but a variable of the environment stands above them', async () => {
  const settings = write('settings.json', { IsEncrypted: false, Values: { COLOUR: 'red', NOTHING: null } })
  const fromFile = hostProcess(['--app', app, '--port', '0', '--settings', settings])
  expect(await (await fetch(`${(await fromFile.ready)?.url}/api/setting`)).text()).toBe('red')
  const fromEnvironment = hostProcess(['--app', app, '--port', '0', '--settings', settings], { COLOUR: 'blue' })
  expect(await (await fetch(`${(await fromEnvironment.ready)?.url}/api/setting`)).text()).toBe('blue')
  expect(fromEnvironment.errors()).toContain("Skipping 'COLOUR'")
})

test('with a file of keys, callers need them', async () => {
  const keys = write('keys.json', { master: 'm', function: 'f', system: {} })
  const host = hostProcess(['--app', app, '--port', '0', '--keys', keys])
  expect((await fetch(`${(await host.ready)?.url}/api/guarded`)).status).toBe(401)
})

test('a host that was started with its parent does not outlive it', async () => {
  const host = hostProcess(['--app', app, '--port', '0', '--with-parent'])
  await host.ready
  host.child.stdin?.end()
  expect(await host.exit).toBe(0)
})

test('an app of several ES modules runs unbundled, with its settings in the environment', async () => {
  // Below the repository, so that the app finds the installed library.
  const local = path.resolve(__dirname, '../../../.local')
  mkdirSync(local, { recursive: true })
  const folder = mkdtempSync(path.join(local, 'modules-'))
  const put = (name: string, content: string) => writeFileSync(path.join(folder, name), content)
  put('package.json', '{"type": "module", "main": "*.function.js"}')
  put('host.json', '{"version": "2.0"}')
  put('answer.js', 'export const answer = (name) => async () => ({ body: name + " " + process.env.COLOUR })')
  for (const name of ['one', 'two']) {
    put(
      `${name}.function.js`,
      `import { app } from '@azure/functions'\nimport { answer } from './answer.js'\napp.http('${name}', { handler: answer('${name}') })`,
    )
  }
  const settings = write('modules.json', { Values: { COLOUR: 'red' } })
  try {
    const host = hostProcess(['--app', folder, '--port', '0', '--settings', settings])
    const url = (await host.ready)?.url
    expect(await (await fetch(`${url}/api/one`)).text()).toBe('one red')
    expect(await (await fetch(`${url}/api/two`)).text()).toBe('two red')
    host.child.kill('SIGTERM')
    expect(await host.exit).toBe(0)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test.each([
  ['no app named', [], 'Say which app to run'],
  ['no app there', ['--app', '/nowhere'], 'host.json is missing'],
  ['a port that is none', ['--app', 'APP', '--port', 'x'], '--port must be a number'],
  ['settings that are not there', ['--app', 'APP', '--settings', '/nowhere'], '/nowhere cannot be read'],
  ['an option that it does not know', ['--app', 'APP', '--colour'], "Unknown option '--colour'"],
])('with %s it ends with one sentence and exit code 1', async (_, args, sentence) => {
  const host = hostProcess(args.map((arg) => (arg === 'APP' ? app : arg)))
  expect(await host.exit).toBe(1)
  expect(host.errors()).toContain(sentence)
  expect(host.errors().trim().split('\n')).toHaveLength(1)
})

test('keys that cannot be read are not shown', async () => {
  const host = hostProcess(['--app', app, '--keys', write('broken.json', '{"master": "very secret"')])
  expect(await host.exit).toBe(1)
  expect(host.errors()).toContain('cannot be read as JSON')
  expect(host.errors()).not.toContain('very secret')
})
