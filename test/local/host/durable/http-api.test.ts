import { fakeClock } from '../../../../local/clock.ts'
import { azurite } from '../../../azurite.ts'
import { until } from '../../../until.ts'
import { appFolder, type TestHost, testHost } from '../test-host.ts'
import { type Status, taskHub } from './task-hub.ts'

const clock = fakeClock()
const HOUR = 3_600_000
let host: TestHost
let hub: ReturnType<typeof taskHub>

beforeAll(async () => {
  host = await testHost({ app: await appFolder('durable'), clock, settings: { AzureWebJobsStorage: azurite().connectionString } })
  hub = taskHub(host)
})

async function page(query: string, token = '') {
  const answer = await hub.send('GET', `instances?${query}`, token ? { headers: { 'x-ms-continuation-token': token } } : {})
  const list = (await answer.json()) as Status[]
  return { ids: list.map(({ instanceId }) => instanceId), next: answer.headers.get('x-ms-continuation-token') }
}

async function finished(name: string, id: string, input?: unknown) {
  expect((await hub.start(name, id, input)).status).toBe(202)
  return hub.ended(id)
}

test('a list is filtered by prefix, status and creation, and comes in pages', async () => {
  for (const id of ['list-c', 'list-a', 'list-b']) await finished('chain', id, 1)
  await finished('throws', 'list-failed')
  await hub.start('wait', 'list-running')
  clock.advance(HOUR)
  const hourLater = new Date(clock.now()).toISOString()
  await hub.start('wait', 'list-young')

  expect((await page('instanceIdPrefix=list-')).ids).toEqual(['list-a', 'list-b', 'list-c', 'list-failed', 'list-running', 'list-young'])
  expect((await page('instanceIdPrefix=list-&runtimeStatus=Failed,Running')).ids).toEqual(['list-failed', 'list-running', 'list-young'])
  expect((await page(`instanceIdPrefix=list-&createdTimeFrom=${hourLater}`)).ids).toEqual(['list-young'])
  expect((await page(`instanceIdPrefix=list-r&createdTimeTo=${hourLater}`)).ids).toEqual(['list-running'])

  const first = await page('instanceIdPrefix=list-&top=4')
  expect(first.ids).toEqual(['list-a', 'list-b', 'list-c', 'list-failed'])
  const second = await page('instanceIdPrefix=list-&top=4', first.next ?? '')
  expect(second).toEqual({ ids: ['list-running', 'list-young'], next: null })
})

test('a list that has become shorter than its token ends', async () => {
  expect((await page('instanceIdPrefix=list-', Buffer.from('zzz').toString('base64'))).ids).toEqual([])
})

test('purge deletes what has ended, by id or by time, and nothing that runs', async () => {
  clock.advance(HOUR)
  const from = new Date(clock.now()).toISOString()
  for (const id of ['purge-1', 'purge-2', 'purge-3']) await finished('chain', id, 1)
  await hub.start('wait', 'purge-running')

  expect((await hub.send('DELETE', 'instances/purge-1')).status).toBe(200)
  expect((await hub.send('GET', 'instances/purge-1')).status).toBe(404)
  expect((await hub.send('DELETE', 'instances/purge-1')).status).toBe(404)
  expect((await hub.send('DELETE', 'instances/purge-running')).status).toBe(409)

  expect((await hub.send('DELETE', 'instances')).status).toBe(400)
  expect((await hub.send('DELETE', `instances?createdTimeFrom=${from}&runtimeStatus=Failed`)).status).toBe(404)
  const purged = await hub.send('DELETE', `instances?createdTimeFrom=${from}`)
  expect([purged.status, await purged.json()]).toEqual([200, { instancesDeleted: 2 }])
  expect((await page('instanceIdPrefix=purge-')).ids).toEqual(['purge-running'])
})

test('a purged id can be used again at once', async () => {
  await finished('chain', 'phoenix', 1)
  const [purged, started] = await Promise.all([hub.send('DELETE', 'instances/phoenix'), hub.start('chain', 'phoenix', 5)])
  expect([purged.status, started.status]).toEqual([200, 202])
  expect((await hub.ended('phoenix')).output).toBe(8)
})

test('of two starts under one id one is refused', async () => {
  const answers = await Promise.all([hub.start('wait', 'twice'), hub.start('wait', 'twice')])
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409])
})

test('restart runs an orchestration again with its input', async () => {
  await finished('chain', 'once-more', 7)
  const answer = await hub.post('once-more', 'restart')
  const { id } = (await answer.json()) as { id: string }
  expect(answer.status).toBe(202)
  expect(id).not.toBe('once-more')
  expect((await hub.ended(id)).output).toBe(10)
  expect((await hub.post('nobody', 'restart')).status).toBe(404)
})

test('a start that waits answers with the output, or as any start when it takes too long', async () => {
  const done = await hub.send('POST', 'orchestrators/chain/waited?timeout=10', { body: '1' })
  expect([done.status, await done.json()]).toEqual([200, 4])
  const late = hub.send('POST', 'orchestrators/wait/waited-long?timeout=10', { body: '1' })
  await until(async () => (await hub.status('waited-long').catch(() => undefined))?.runtimeStatus === 'Running')
  clock.advance(10_000)
  expect((await late).status).toBe(202)
})

test('a failure can be asked for as status 500', async () => {
  await finished('throws', 'as-500')
  expect((await hub.send('GET', 'instances/as-500')).status).toBe(200)
  expect((await hub.send('GET', 'instances/as-500?returnInternalServerErrorOnFailure=true')).status).toBe(500)
})

test.each([
  ['POST', 'instances/x/rewind'],
  ['GET', 'entities/counter/one'],
  ['POST', 'entities/counter/one'],
])('%s %s is not supported, and says so', async (method, path) => {
  const answer = await hub.send(method, path)
  expect([answer.status, await answer.json()]).toEqual([501, { Message: 'This is not supported by the embedded host.' }])
})

test.each(['x'.repeat(101), 'a%23b', 'a%5Cb'])('the id %s is refused', async (id) => {
  expect((await hub.start('chain', id, 1)).status).toBe(400)
})

test('ids with dots, blanks and letters of any language work', async () => {
  for (const id of ['...', 'a b', 'größe', 'x:1', '100%25']) await finished('chain', encodeURIComponent(id), 1)
  expect((await page('instanceIdPrefix=gr')).ids).toEqual(['größe'])
  const started = await hub.start('wait', encodeURIComponent('日本 1'))
  const running = await fetch(started.headers.get('location') ?? '')
  expect(await running.json()).toMatchObject({ instanceId: '日本 1', runtimeStatus: 'Running' })
  expect(running.headers.get('location')).toContain('/instances/%E6%97%A5')
})
