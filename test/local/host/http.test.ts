import http from 'node:http'
import { appFolder, testHost } from './test-host.ts'

const keys = { master: 'm-key', function: 'f-key', system: { eventgrid_extension: 'e-key' } }
let app: string

beforeAll(async () => {
  app = await appFolder('http')
})

test('of two routes that fit, the one whose function name comes first answers, and a literal segment counts for nothing', async () => {
  const host = await testHost({ app })
  expect(await (await host.get('/api/items/special')).json()).toMatchObject({ hit: 'special' })
  expect(await (await host.get('/api/items/late')).json()).toEqual({ hit: 'item', params: { id: 'late' } })
})

test('a caller learns nothing of what a handler has thrown, the log does', async () => {
  const host = await testHost({ app })
  const response = await host.get('/api/throws')
  expect(response.status).toBe(500)
  expect(await response.text()).toBe('')
  expect(host.events).toContainEqual(expect.objectContaining({ level: 'error', function: 'throws', error: expect.any(Object) }))
})

test('a large body arrives whole, and one beyond the limit is refused', async () => {
  const host = await testHost({ app })
  expect(await (await host.get('/api/length', { method: 'POST', body: 'x'.repeat(300_000) })).json()).toBe(300_000)
  expect(await statusOf(host.url, '/api/length', { 'content-length': String(101 * 1024 * 1024) })).toBe(413)
})

test('a request with a host header that is no host name is refused', async () => {
  const host = await testHost({ app })
  expect(await statusOf(host.url, '/api/items/1', { host: 'a/b' })).toBe(400)
})

test('a function that a setting disables is not found, except with the master key', async () => {
  const settings = { 'AzureWebJobs.off.Disabled': 'true' }
  const open = await testHost({ app, settings })
  expect((await open.get('/api/off')).status).toBe(404)
  expect(open.functions).toContainEqual(expect.objectContaining({ name: 'off', disabled: true }))
  const locked = await testHost({ app, settings, keys })
  expect((await locked.get('/api/off?code=f-key')).status).toBe(404)
  expect((await locked.get('/api/off?code=m-key')).status).toBe(200)
})

test.each([
  ['/api/items/1', undefined, 200],
  ['/api/guarded', undefined, 401],
  ['/api/guarded', 'nonsense', 401],
  ['/api/guarded', 'e-key', 401],
  ['/api/guarded', 'f-key', 200],
  ['/api/guarded', 'm-key', 200],
  ['/api/master-only', 'f-key', 401],
  ['/api/master-only', 'm-key', 200],
  ['/admin/host/ping', undefined, 200],
  ['/admin/host/status', undefined, 401],
  ['/admin/host/status', 'f-key', 403],
  ['/admin/host/status', 'e-key', 403],
  ['/admin/host/status', 'm-key', 200],
  ['/runtime/webhooks/eventgrid?functionName=event', undefined, 401],
  ['/runtime/webhooks/eventgrid?functionName=event', 'f-key', 403],
  ['/runtime/webhooks/eventgrid?functionName=event', 'e-key', 400],
])('with keys, %s with key %s answers %i', async (path, key, status) => {
  const host = await testHost({ app, keys })
  const response = await host.get(path, key === undefined ? {} : { headers: { 'x-functions-key': key } })
  expect(response.status).toBe(status)
})

test('running a function by hand asks for JSON, and for a function that exists', async () => {
  const host = await testHost({ app })
  expect((await host.get('/admin/functions/event', { method: 'POST', body: '{}' })).status).toBe(415)
  expect((await host.run('nope')).status).toBe(404)
  expect((await host.run('event')).status).toBe(202)
})

test('two hosts in one process keep their settings apart, and leave the process alone', async () => {
  const [red, blue, none] = await Promise.all([
    testHost({ app, settings: { COLOUR: 'red' } }),
    testHost({ app, settings: { COLOUR: 'blue' } }),
    testHost({ app }),
  ])
  expect(await (await red.get('/api/setting')).text()).toBe('red')
  expect(await (await blue.get('/api/setting')).text()).toBe('blue')
  expect(await (await none.get('/api/setting')).text()).toBe('none')
  expect(process.env.COLOUR).toBeUndefined()
})

test('the prefix of routes comes from host.json, and settings stand above that', async () => {
  const host = await testHost({
    app: await appFolder('http', { extensions: { http: { routePrefix: 'old' } } }),
    settings: { AzureFunctionsJobHost__extensions__http__routePrefix: '' },
  })
  expect((await host.get('/items/1')).status).toBe(200)
  expect((await host.get('/old/items/1')).status).toBe(404)
})

test('the home page can be turned off', async () => {
  const shown = await testHost({ app })
  expect((await shown.get('/')).headers.get('content-type')).toContain('text/html')
  const hidden = await testHost({ app, settings: { AzureWebJobsDisableHomepage: 'true' } })
  expect((await hidden.get('/')).status).toBe(204)
})

/** A request that fetch would not send. */
function statusOf(url: string, path: string, headers: http.OutgoingHttpHeaders): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = http.request(new URL(path, url), { method: 'POST', headers }, (response) => {
      resolve(response.statusCode)
      request.destroy()
    })
    request.on('error', reject).flushHeaders()
  })
}
