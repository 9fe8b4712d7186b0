import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { fakeClock } from '../../../local/clock.ts'
import { until } from '../../until.ts'
import { appFolder, testHost } from './test-host.ts'

async function world(hostJson: object = {}) {
  const app = await appFolder('lifecycle', hostJson)
  const diary = path.join(app, 'diary')
  writeFileSync(diary, '')
  const goOn = () => writeFileSync(`${diary}.go-on`, '')
  return { app, settings: { DIARY: diary }, goOn, diary: () => readFileSync(diary, 'utf8').trim().split('\n') }
}

test('the app is told when it starts and when it ends', async () => {
  const { app, settings, diary } = await world()
  const host = await testHost({ app, settings })
  await host.stop()
  expect(diary()).toEqual(['appStart', 'before warm', 'warm', 'after warm kept', 'appTerminate'])
  expect(await host.ended).toBeUndefined()
  await expect(host.get('/api/logs')).rejects.toThrow()
})

test('a request that runs when the host stops is answered before the app ends', async () => {
  const { app, settings, diary, goOn } = await world()
  const host = await testHost({ app, settings })
  const running = host.get('/api/wait')
  await until(() => diary().includes('waiting'))
  const stopped = host.stop()
  await until(() =>
    host.get('/').then(
      () => false,
      () => true,
    ),
  )
  goOn()
  expect(await (await running).text()).toBe('done')
  await stopped
  expect(diary().slice(-3)).toEqual(['answered', 'after wait kept', 'appTerminate'])
})

test('a host that is killed tells the app nothing', async () => {
  const { app, settings, diary } = await world()
  const host = await testHost({ app, settings })
  host.kill()
  await host.ended
  expect(diary()).not.toContain('appTerminate')
})

test('hooks may put another handler in its place, or turn a failure into an answer', async () => {
  const { app, settings } = await world()
  const host = await testHost({ app, settings })
  expect(await (await host.get('/api/replaced')).text()).toBe('by the hook')
  expect(await (await host.get('/api/saved')).text()).toBe('saved')
})

test('what a handler logs reaches the log under its name, unless a hook silences it', async () => {
  const { app, settings } = await world()
  const host = await testHost({ app, settings })
  await host.get('/api/logs')
  const logged = host.events.filter(({ category }) => category === 'user')
  expect(logged).toEqual([expect.objectContaining({ level: 'warning', message: 'loud', function: 'logs' })])
})

test('a handler that takes longer than functionTimeout fails its caller', async () => {
  const { app, settings, diary, goOn } = await world({ functionTimeout: '00:00:30' })
  const clock = fakeClock()
  const host = await testHost({ app, settings, clock })
  const running = host.get('/api/wait')
  await until(() => diary().includes('waiting'))
  clock.advance(30_000)
  expect((await running).status).toBe(500)
  goOn()
  expect(host.events).toContainEqual(expect.objectContaining({ error: expect.objectContaining({ name: 'FunctionTimeoutError' }) }))
})

describe('a host that cannot start says why in a sentence', () => {
  test('when its port is taken', async () => {
    const { app, settings } = await world()
    const other = createServer().listen(0, '127.0.0.1')
    await until(() => other.listening)
    const { port } = other.address() as AddressInfo
    await expect(testHost({ app, settings, port })).rejects.toMatchObject({
      code: 'port-taken',
      message: expect.stringContaining(`${port}`),
    })
    other.close()
  })

  test('when there is no app', async () => {
    const { app } = await world()
    const empty = mkdtempSync(path.join(app, 'empty-'))
    await expect(testHost({ app: empty })).rejects.toMatchObject({ code: 'host-json-broken' })
    writeFileSync(path.join(empty, 'host.json'), '{"version": "2.0"}')
    await expect(testHost({ app: empty })).rejects.toMatchObject({ code: 'app-missing' })
    writeFileSync(path.join(empty, 'package.json'), '{"main": "dist/*.cjs"}')
    await expect(testHost({ app: empty })).rejects.toMatchObject({ code: 'app-missing', message: expect.stringContaining('dist/*.cjs') })
  })

  test.each(['{', '[]', '{}', '{"version": "2.0", "functionTimeout": "never"}'])('when host.json is %s', async (content) => {
    const { app, settings } = await world()
    writeFileSync(path.join(app, 'host.json'), content)
    await expect(testHost({ app, settings })).rejects.toMatchObject({ code: 'host-json-broken' })
  })

  test.each([
    ['app-failed', 'throw new Error("no luck")', 'no luck'],
    ['app-failed', '', '@azure/functions'],
    ['app-failed', registering({ type: 'httpTrigger', route: 'a/{' }), 'a/{'],
    ['binding-unsupported', registering({ type: 'blobTrigger' }), 'blobTrigger'],
    ['setting-missing', registering({ type: 'timerTrigger', schedule: '%WHEN%' }), '%WHEN%'],
  ])('when the app fails: %s %s', async (code, source, message) => {
    const { app } = await world()
    mkdirSync(path.join(app, 'dist'), { recursive: true })
    writeFileSync(path.join(app, 'dist/main.cjs'), source)
    await expect(testHost({ app })).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
  })

  test.each([
    ['setting-missing', {}],
    ['setting-broken', { AzureWebJobsStorage: 'nonsense', WORK: 'work' }],
    ['storage-unreachable', { AzureWebJobsStorage: unreachable(), WORK: 'work' }],
  ])('when its storage is no good: %s', async (code, settings) => {
    const app = await appFolder('queues')
    const start = testHost({ app, settings })
    await expect(start).rejects.toMatchObject({ code })
    await expect(start).rejects.not.toMatchObject({ message: expect.stringContaining('a2V5') })
  })
})

/** The source of an app with one function, without the library. */
function registering(trigger: object): string {
  const metadata = { name: 'f', bindings: { trigger: { direction: 'in', name: 'trigger', ...trigger } } }
  return `const core = require('@azure/functions-core')
    core.setProgrammingModel({ getCapabilities: async () => ({}) })
    core.registerFunction(${JSON.stringify(metadata)}, () => undefined)`
}

function unreachable(): string {
  return `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:9/a;QueueEndpoint=http://127.0.0.1:9/a`
}
