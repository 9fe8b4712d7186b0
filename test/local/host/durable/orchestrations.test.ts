import { fakeClock } from '../../../../local/clock.ts'
import { azurite } from '../../../azurite.ts'
import { until } from '../../../until.ts'
import { appFolder, type TestHost, testHost } from '../test-host.ts'
import { taskHub } from './task-hub.ts'

const clock = fakeClock()
let host: TestHost
let hub: ReturnType<typeof taskHub>

beforeAll(async () => {
  host = await testHost({ app: await appFolder('durable'), clock, settings: { AzureWebJobsStorage: azurite().connectionString } })
  hub = taskHub(host)
})

const DAY = 86_400_000
const timersSet = (id: string, count: number) =>
  until(async () => {
    const { historyEvents = [] } = await hub.status(id, 'showHistory=true')
    return historyEvents.filter(({ EventType }) => EventType === 'TimerCreated').length === count
  })

test('the durable client starts an orchestration and hears its output', async () => {
  const answer = await host.get('/api/client/chain/by-client', { method: 'POST' })
  expect([answer.status, await answer.json()]).toEqual([200, 4])
})

test('a timer of 40 days fires when the clock gets there, not before', async () => {
  const begin = clock.now()
  await hub.start('sleep', 'forty-days', 40 * DAY)
  await timersSet('forty-days', 1)
  clock.advance(40 * DAY - 1)
  expect(await hub.status('forty-days')).toMatchObject({ runtimeStatus: 'Running' })
  clock.advance(1)
  expect((await hub.ended('forty-days')).output).toBe(new Date(begin + 40 * DAY).toISOString())
})

test('an activity is tried again after its interval, which grows', async () => {
  await hub.start('retry', 'retried')
  await timersSet('retried', 1)
  clock.advance(60_000)
  await timersSet('retried', 2)
  clock.advance(119_999)
  expect(await hub.status('retried')).toMatchObject({ runtimeStatus: 'Running' })
  clock.advance(1)
  expect((await hub.ended('retried')).output).toBe(3)
})

test('retries end when their timeout is over', async () => {
  await hub.start('retry-in-vain', 'in-vain', 0)
  const { output } = await hub.ended('in-vain')
  expect(output).toContain("Activity function 'fail' failed:  no luck")
})

test('an event ends the wait before the timer does, and the timer called off wakes nobody', async () => {
  await hub.start('event-or-timer', 'event')
  await hub.raise('event', 'go')
  await timersSet('event', 2)
  clock.advance(3_600_000)
  const { historyEvents } = await hub.status('event', 'showHistory=true')
  expect(historyEvents?.map(({ EventType }) => EventType)).not.toContain('TimerFired')
  clock.advance(3_600_000)
  expect((await hub.ended('event')).output).toBe('event')
})

test('work that was stopped waiting for can still be waited for, with its retries', async () => {
  await hub.start('stop-or-finish', 'stopped')
  await timersSet('stopped', 1)
  await hub.raise('stopped', 'stop')
  clock.advance(60_000)
  await timersSet('stopped', 2)
  clock.advance(60_000)
  expect((await hub.ended('stopped')).output).toEqual({ stopped: true, tries: 3, after: 4 })
})

test('events are taken in the order in which they were raised', async () => {
  await hub.start('collect', 'collected')
  for (const value of ['a', 'b', 'c']) await hub.raise('collected', 'item', value)
  expect((await hub.ended('collected')).output).toEqual(['a', 'b', 'c'])
})

test('events raised in one burst all arrive', async () => {
  await hub.start('collect', 'burst')
  await Promise.all([1, 2, 3].map((value) => hub.raise('burst', 'item', value)))
  expect((await hub.ended('burst')).output).toHaveLength(3)
})

test('a parent gets the outputs of its children in their order', async () => {
  await hub.start('parent', 'parent')
  expect((await hub.ended('parent')).output).toEqual([4, 5, 6])
})

test('a parent hears why its child failed', async () => {
  await hub.start('parent-of', 'of-thrower', { name: 'throws', id: 'thrower' })
  expect((await hub.ended('of-thrower')).output).toEqual({ failed: "Orchestrator function 'throws' failed: own words \n " })
})

test('a child of an unknown name, or under a taken id, fails for its parent', async () => {
  await hub.start('parent-of', 'of-nobody', { name: 'nobody', id: 'nobody' })
  expect(JSON.stringify((await hub.ended('of-nobody')).output)).toContain("'nobody' doesn't exist")
  await hub.start('wait', 'taken')
  await hub.start('parent-of', 'of-taken', { name: 'wait', id: 'taken' })
  expect(JSON.stringify((await hub.ended('of-taken')).output)).toContain('with the status Running already exists')
})

test.each(['x'.repeat(1_000), '\ud800'])('a child under an id that nothing can be stored under fails for its parent alone', async (id) => {
  const parent = `of-odd-${id.length}`
  await hub.start('parent-of', parent, { name: 'wait', id })
  expect(JSON.stringify((await hub.ended(parent)).output)).toContain('too long or not well-formed')
})

test('a child that failed is tried again under its id', async () => {
  await hub.start('parent-retries', 'again')
  for (const count of [1, 2]) {
    await timersSet('again', count)
    clock.advance(1)
  }
  expect((await hub.ended('again')).output).toBe(3)
})

test('terminating a child is a failure to its parent', async () => {
  await hub.start('parent-of', 'of-victim', { name: 'wait', id: 'victim' })
  await until(async () => (await hub.status('victim')).runtimeStatus === 'Running')
  await hub.post('victim', 'terminate?reason=enough')
  expect((await hub.ended('of-victim')).output).toEqual({ failed: 'enough \n ' })
})

test('continue-as-new keeps the events that come later, and starts its history over', async () => {
  await hub.start('loop', 'loop', { round: 0, raised: [] })
  for (const item of ['x', 'y', 'z']) await hub.raise('loop', 'item', item)
  expect((await hub.ended('loop')).output).toEqual(['x', 'y', 'z'])
  const { historyEvents = [], input } = await hub.status('loop', 'showHistory=true')
  expect(historyEvents.map(({ EventType }) => EventType)).toEqual(['ExecutionStarted', 'EventRaised', 'ExecutionCompleted'])
  expect(input).toEqual({ round: 2, raised: ['x', 'y'] })
})

test('while suspended nothing moves, and nothing is lost', async () => {
  await hub.start('wait', 'paused')
  await hub.post('paused', 'suspend?reason=lunch')
  await hub.raise('paused', 'go', 42)
  expect(await hub.status('paused')).toMatchObject({ runtimeStatus: 'Suspended', output: 'lunch', customStatus: 'waiting' })
  await hub.post('paused', 'resume')
  expect(await hub.ended('paused')).toMatchObject({ runtimeStatus: 'Completed', output: 42 })
})

test('what is suspended can be terminated', async () => {
  await hub.start('wait', 'paused-victim')
  await hub.post('paused-victim', 'suspend')
  await hub.post('paused-victim', 'terminate?reason=over')
  expect(await hub.status('paused-victim')).toMatchObject({ runtimeStatus: 'Terminated', output: 'over' })
})

test('an activity that ends after its orchestration was terminated changes nothing', async () => {
  await hub.start('gate', 'late')
  await until(() => host.said().some((what) => JSON.stringify(what) === '{"at":"late"}'))
  await hub.post('late', 'terminate?reason=over')
  await host.get('/api/open/late')
  await hub.start('chain', 'after-late', 1)
  await hub.ended('after-late')
  expect(await hub.status('late')).toMatchObject({ runtimeStatus: 'Terminated' })
})

test('no more activities run at a time than host.json allows', async () => {
  const extensions = { durableTask: { maxConcurrentActivityFunctions: 2 } }
  const narrow = await testHost({
    app: await appFolder('durable', { extensions }),
    settings: { AzureWebJobsStorage: azurite().connectionString },
  })
  await taskHub(narrow).start('crowd', 'crowd')
  const inside = () => narrow.said() as { at: string }[]
  await until(() => inside().length === 2)
  for (let n = 1; n <= 4; n++) {
    expect(inside()).toHaveLength(Math.min(n + 1, 4))
    await narrow.get(`/api/open/${inside()[n - 1]?.at}`)
    await until(() => inside().length === Math.min(n + 2, 4))
  }
  expect((await taskHub(narrow).ended('crowd')).output).toHaveLength(4)
})

test.each([
  ['throws', "Orchestrator function 'throws' failed: own words"],
  ['unknown-activity', "Activity function 'nowhere' doesn't exist"],
  ['entity', 'callEntity is not supported by the embedded host'],
  ['big-status', 'custom status is longer than 16 KB'],
  ['nobody', "The function 'nobody' doesn't exist"],
])('%s fails and says why', async (name, reason) => {
  expect((await hub.start(name, `failing-${name}`)).status).toBe(202)
  const { runtimeStatus, output } = await hub.ended(`failing-${name}`)
  expect(runtimeStatus).toBe('Failed')
  expect(output).toContain(reason)
})

test('an id can be used again after its orchestration has ended', async () => {
  await hub.start('chain', 'reused', 1)
  await hub.ended('reused')
  expect((await hub.start('chain', 'reused', 10)).status).toBe(202)
  await until(async () => (await hub.status('reused')).output === 13)
})
