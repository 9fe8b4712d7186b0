import { BlobServiceClient } from '@azure/storage-blob'
import { fakeClock } from '../../../local/clock.ts'
import { azurite } from '../../azurite.ts'
import { until } from '../../until.ts'
import { appFolder, type TestHost, testHost } from './test-host.ts'

interface Run {
  readonly name: string
  readonly isPastDue: boolean
  readonly status: { readonly last: string; readonly next: string } | null
  readonly retry?: number
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const NEVER = '0001-01-01T00:00:00+00:00'

async function world() {
  const { connectionString } = azurite()
  const app = await appFolder('timers')
  /** 2026-01-01T00:00:00Z */
  const clock = fakeClock()
  const settings = {
    AzureWebJobsStorage: connectionString,
    AzureWebJobs__off__Disabled: '1',
    HOURLY: '0 0 * * * *',
    WEBSITE_TIME_ZONE: 'UTC',
  }
  const start = (more: Record<string, string> = {}) => testHost({ app, clock, settings: { ...settings, ...more } })
  return { clock, connectionString, start }
}

const runs = (host: TestHost, name: string) => (host.said() as Run[]).filter((run) => run.name === name)
/** The write of a timer's status is what comes last in a run. */
const written = async (connectionString: string, fn: string) => {
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient('azure-webjobs-hosts')
  for await (const { name } of container.listBlobsFlat({ prefix: 'timers/' })) {
    if (!name.endsWith(`/Host.Functions.${fn}/status`)) continue
    return JSON.parse((await container.getBlobClient(name).downloadToBuffer()).toString())
  }
}

test('a timer runs when it is due, and knows when it ran last', async () => {
  const { clock, connectionString, start } = await world()
  const host = await start()
  clock.advance(59 * MINUTE)
  expect(runs(host, 'hourly')).toEqual([])
  clock.advance(MINUTE)
  await until(() => runs(host, 'hourly').length === 1)
  expect(runs(host, 'hourly')[0]).toMatchObject({ isPastDue: false, status: { last: NEVER, next: '2026-01-01T01:00:00+00:00' } })
  await until(async () => (await written(connectionString, 'hourly')).Next === '2026-01-01T02:00:00+00:00')
  clock.advance(60 * MINUTE)
  await until(() => runs(host, 'hourly').length === 2)
  expect(runs(host, 'hourly')[1]).toMatchObject({ status: { last: '2026-01-01T01:00:00+00:00' } })
})

test('what fell due while no host ran is caught up with once, at the next start', async () => {
  const { clock, start } = await world()
  await (await start()).stop()
  clock.advance(150 * MINUTE)
  const host = await start()
  await until(() => runs(host, 'hourly').length === 1)
  expect(runs(host, 'hourly')).toEqual([expect.objectContaining({ isPastDue: true })])
})

test('a timer whose schedule was changed in the meantime has missed nothing', async () => {
  const { clock, connectionString, start } = await world()
  await (await start()).stop()
  clock.advance(150 * MINUTE)
  const host = await start({ HOURLY: '0 45 * * * *' })
  expect((await written(connectionString, 'hourly')).Next).toBe('2026-01-01T02:45:00+00:00')
  expect(runs(host, 'hourly')).toEqual([])
  clock.advance(15 * MINUTE)
  await until(() => runs(host, 'hourly').length === 1)
})

test('a timer denser than a minute keeps no status', async () => {
  const { clock, connectionString, start } = await world()
  const host = await start()
  clock.advance(10 * SECOND)
  await until(() => runs(host, 'dense').length === 1)
  expect(runs(host, 'dense')[0]).toMatchObject({ status: null })
  expect(await written(connectionString, 'dense')).toBeUndefined()
})

test('runOnStartup runs at every start, a disabled timer never', async () => {
  const { clock, start } = await world()
  const host = await start()
  await until(() => runs(host, 'at-start').length === 1)
  clock.advance(2 * SECOND)
  expect(runs(host, 'off')).toEqual([])
})

test('a run that takes longer than its interval is not overtaken by the next', async () => {
  const { clock, start } = await world()
  const host = await start()
  clock.advance(5 * MINUTE)
  await until(() => runs(host, 'slow').length === 1)
  clock.advance(12 * MINUTE)
  await until(() => runs(host, 'dense').length === 2)
  expect(runs(host, 'slow')).toHaveLength(1)
  await host.get('/api/open-gate')
  // The next is due at 00:20, as counted from now.
  await until(() => {
    clock.advance(SECOND)
    return runs(host, 'slow').length === 2
  })
  expect(clock.now()).toBeGreaterThanOrEqual(Date.UTC(2026, 0, 1, 0, 20))
})

test('a failing timer is tried again as its retry policy says, and the timer goes on', async () => {
  const { clock, connectionString, start } = await world()
  const host = await start()
  clock.advance(30 * MINUTE)
  for (const count of [1, 2, 3]) {
    await until(() => {
      clock.advance(5 * SECOND)
      return runs(host, 'failing').length === count
    })
  }
  expect(runs(host, 'failing').map(({ retry }) => retry)).toEqual([0, 1, 2])
  await until(async () => (await written(connectionString, 'failing')).Next === '2026-01-01T01:30:00+00:00')
  expect(host.events).toContainEqual(expect.objectContaining({ level: 'error', function: 'failing' }))
})

test('a timer run by hand sees its status and leaves its schedule alone', async () => {
  const { start } = await world()
  const host = await start()
  expect((await host.run('hourly')).status).toBe(202)
  await until(() => runs(host, 'hourly').length === 1)
  expect(runs(host, 'hourly')[0]).toMatchObject({ isPastDue: false, status: { last: NEVER, next: '2026-01-01T01:00:00+00:00' } })
})

test('of two hosts one runs the timers, and the other goes on when it ends', async () => {
  const { clock, start } = await world()
  const [first, second] = [await start(), await start()]
  clock.advance(60 * MINUTE)
  await until(() => runs(first, 'hourly').length === 1)
  await first.get('/api/open-gate')
  await first.stop()
  await until(() => {
    clock.advance(MINUTE)
    return runs(second, 'hourly').length > 0
  })
  expect(runs(first, 'hourly')).toHaveLength(1)
})

test('a host that is killed is replaced at once on the same machine', async () => {
  const { clock, start } = await world()
  const first = await start()
  first.kill()
  const second = await start()
  clock.advance(60 * MINUTE)
  await until(() => runs(second, 'hourly').length === 1)
  expect(runs(first, 'hourly')).toEqual([])
})
