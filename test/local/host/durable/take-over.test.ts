import { BlobServiceClient } from '@azure/storage-blob'
import { fakeClock } from '../../../../local/clock.ts'
import { azurite } from '../../../azurite.ts'
import { until } from '../../../until.ts'
import { appFolder, type TestHost, testHost } from '../test-host.ts'
import { taskHub } from './task-hub.ts'

let app: string
const { connectionString } = azurite()
const clock = fakeClock()
const start = (hubName: string) =>
  testHost({
    app,
    clock,
    settings: { AzureWebJobsStorage: connectionString, AzureFunctionsJobHost__extensions__durableTask__hubName: hubName },
  })

beforeAll(async () => {
  app = await appFolder('durable')
})

/** A host that waits, and whether it is still waiting. */
async function waitingFor(hubName: string) {
  let isReady = false
  const host = start(hubName).then((ready) => {
    isReady = true
    return ready
  })
  return { host, isReady: () => isReady }
}

async function work(hub: ReturnType<typeof taskHub>) {
  await hub.start('chain', 'done', 1)
  await hub.ended('done')
  await hub.start('wait', 'waiting')
  await hub.start('sleep', 'sleeping', 60_000)
  await hub.start('parent-of', 'parent', { name: 'wait', id: 'child' })
  await until(async () => (await hub.send('GET', 'instances/child')).status === 202)
}

async function goesOn(host: TestHost) {
  const hub = taskHub(host)
  expect((await hub.status('done')).output).toBe(4)
  await hub.raise('waiting', 'go', 'now')
  expect((await hub.ended('waiting')).output).toBe('now')
  clock.advance(60_000)
  await hub.ended('sleeping')
  await hub.raise('child', 'go', 'from afar')
  expect((await hub.ended('parent')).output).toBe('from afar')
  expect((await hub.send('DELETE', 'instances/done')).status).toBe(200)
}

test('a second host waits, and goes on with the work when the first is stopped', async () => {
  const first = await start('Stopped')
  await work(taskHub(first))
  const second = await waitingFor('Stopped')
  expect(second.isReady()).toBe(false)
  await first.stop()
  await goesOn(await second.host)
})

test('a host that follows a killed one goes on with the work at once', async () => {
  const first = await start('Killed')
  await work(taskHub(first))
  first.kill()
  await goesOn(await start('Killed'))
})

test('an activity that was running when the host was killed runs again', async () => {
  const first = await start('Again')
  await taskHub(first).start('gate', 'held')
  await until(() => first.said().length > 0)
  first.kill()
  const second = await start('Again')
  await until(() => second.said().length > 0)
  await second.get('/api/open/held')
  expect((await taskHub(second).ended('held')).output).toBe('held')
  expect(second.said()).toEqual([{ at: 'held' }, { passed: 'held' }])
})

test('a host that is stopped lets running activities end, and what they gave is kept', async () => {
  const first = await start('Graceful')
  await taskHub(first).start('nap', 'nap')
  await until(() => first.said().length > 0)
  await first.stop()
  const second = await start('Graceful')
  expect((await taskHub(second).ended('nap')).output).toBe('rested')
  expect(second.said()).toEqual([])
})

test('a host whose task hub cannot be written any more ends, since another may be at work', async () => {
  const host = await start('Gone')
  const hub = taskHub(host)
  await hub.start('wait', 'waiting')
  await BlobServiceClient.fromConnectionString(connectionString).getContainerClient('gone-instances').delete()
  const raised = hub.raise('waiting', 'go')
  expect((await host.ended)?.message).toBe('The task hub Gone could not be written.')
  await expect(raised.then(({ status }) => status)).rejects.toThrow()
})

test('a host that has lost its lease ends', async () => {
  const host = await start('Lost')
  const blob = BlobServiceClient.fromConnectionString(connectionString)
    .getContainerClient('azure-webjobs-hosts')
    .getBlobClient('durabletask/lost')
  await blob.getBlobLeaseClient().breakLease(0)
  const thief = blob.getBlobLeaseClient()
  await thief.acquireLease(15)
  expect((await host.ended)?.message).toBe('The lease of the task hub Lost was lost.')
  await thief.releaseLease()
})

test('a killed host has no more effects', async () => {
  const first = await start('Silent')
  const hub = taskHub(first)
  await hub.start('gate', 'held')
  await until(() => first.said().length > 0)
  await first.get('/api/open/nobody')
  first.kill()
  const said = first.said().length
  const second = await start('Silent')
  await until(() => second.said().length > 0)
  await second.get('/api/open/held')
  await taskHub(second).ended('held')
  expect(first.said()).toHaveLength(said)
})
