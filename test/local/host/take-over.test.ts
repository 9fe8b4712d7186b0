import { freePorts } from '../../../local/start/free-ports.ts'
import { azurite } from '../../azurite.ts'
import { until } from '../../until.ts'
import { appFolder, testHost } from './test-host.ts'

const settings = { AzureWebJobsStorage: azurite().connectionString }
let app: string
/** Known beforehand, since a host that waits has not yet said where it listens. */
let port: number

beforeAll(async () => {
  app = await appFolder('hub', { extensions: { durableTask: { hubName: 'TakeOver' } } })
})

beforeEach(async () => {
  ;[port = 0] = await freePorts(1)
})

const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`)
const isWaiting = async () => {
  const response = await get('/admin/host/status').catch(() => undefined)
  if (response?.status !== 200) return false
  const { state } = (await response.json()) as { state: string }
  return state === 'Waiting'
}

test('a second host on the same task hub says that it waits, and serves as soon as the first has ended', async () => {
  const first = await testHost({ app, settings })
  const second = testHost({ app, settings, port })
  await until(isWaiting)
  const refused = await get('/api/hello')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  expect((await get('/admin/host/ping')).status).toBe(200)
  await first.stop()
  await second
  expect(await (await get('/api/hello')).text()).toBe('hello')
  expect(await (await get('/admin/host/status')).json()).toMatchObject({ state: 'Running' })
  await (await second).stop()
})

test('a host that waits can be called off, and its port is free again', async () => {
  const first = await testHost({ app, settings })
  const giveUp = new AbortController()
  const second = testHost({ app, settings, port, signal: giveUp.signal })
  await until(isWaiting)
  giveUp.abort(new Error('called off'))
  await expect(second).rejects.toThrow('called off')
  await expect(get('/admin/host/ping')).rejects.toThrow()
  await first.stop()
})
