import { type QueueClient, QueueServiceClient } from '@azure/storage-queue'
import { azurite } from '../../azurite.ts'
import { until } from '../../until.ts'
import { appFolder, type TestHost, testHost } from './test-host.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const hostJson = { extensions: { queues: { maxPollingInterval: '00:00:00.100' } } }

/** A host on an account of its own. */
async function world(hostOptions: object = hostJson) {
  const { connectionString } = azurite()
  const service = QueueServiceClient.fromConnectionString(connectionString)
  const queue = service.getQueueClient('work')
  await queue.create()
  const app = await appFolder('queues', hostOptions)
  const start = () => testHost({ app, settings: { AzureWebJobsStorage: connectionString, WORK: 'work' } })
  return { service, queue, start, host: await start() }
}

const heard = (host: TestHost) => host.said() as { name: string; message: unknown; dequeueCount: number; colour?: string }[]
const texts = async (queue: QueueClient) => {
  if (!(await queue.exists())) return []
  const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: 32 })
  return peekedMessageItems.map(({ messageText }) => messageText)
}
const isEmpty = async (queue: QueueClient) => (await queue.getProperties()).approximateMessagesCount === 0

test('a message reaches the handler as what it says, and is gone afterwards', async () => {
  const { host, queue } = await world()
  for (const text of ['plain', '123', '{"colour":"red"}']) await queue.sendMessage(base64(text))
  await until(() => heard(host).length === 3)
  expect(heard(host)).toEqual(
    expect.arrayContaining([
      { name: 'work', message: 'plain', dequeueCount: 1, queueTrigger: 'plain' },
      { name: 'work', message: 123, dequeueCount: 1, queueTrigger: 123 },
      { name: 'work', message: { colour: 'red' }, dequeueCount: 1, queueTrigger: { colour: 'red' }, colour: 'red' },
    ]),
  )
  await until(() => isEmpty(queue))
})

test('a message that fails five times goes to the poison queue as it was', async () => {
  const { host, queue, service } = await world()
  await queue.sendMessage(base64('fails'))
  const poison = service.getQueueClient('work-poison')
  await until(async () => (await texts(poison)).length > 0)
  expect(heard(host).map(({ dequeueCount }) => dequeueCount)).toEqual([1, 2, 3, 4, 5])
  expect(await texts(poison)).toEqual([base64('fails')])
  expect(await isEmpty(queue)).toBe(true)
})

test('a message that fails once is tried again', async () => {
  const { host, queue } = await world()
  await queue.sendMessage(base64('fails 1'))
  await until(() => heard(host).length === 2)
  await until(() => isEmpty(queue))
})

test('a message that is not base64 becomes poison without a handler', async () => {
  const { host, queue, service } = await world()
  await queue.sendMessage('{"not": "base64"}')
  await until(async () => (await texts(service.getQueueClient('work-poison'))).length > 0)
  expect(heard(host)).toEqual([])
})

test('with messageEncoding none, messages are texts', async () => {
  const { host, queue } = await world({ extensions: { queues: { messageEncoding: 'none', maxPollingInterval: '00:00:00.100' } } })
  await queue.sendMessage('as it is')
  await until(() => heard(host).length === 1)
  expect(heard(host)[0]).toMatchObject({ message: 'as it is' })
})

test('a function on a poison queue has no poison queue of its own: its messages stay', async () => {
  const { host, service } = await world()
  const poison = service.getQueueClient('other-poison')
  await poison.create()
  await poison.sendMessage(base64('fails'))
  await until(() => heard(host).some(({ dequeueCount }) => dequeueCount > 6))
  expect(await service.getQueueClient('other-poison-poison').exists()).toBe(false)
})

test('an array given to a queue output is several messages, anything else is one', async () => {
  const { host, queue } = await world()
  // The output makes the queue when it is not there.
  await queue.delete()
  const send = (content: unknown) => host.get('/api/send', { method: 'POST', body: JSON.stringify(content) })
  await until(async () => (await send(['one', { two: 2 }])).status === 202)
  await send({ three: [3] })
  await until(() => heard(host).length === 3)
  expect(heard(host).map(({ message }) => message)).toEqual(expect.arrayContaining(['one', { two: 2 }, { three: [3] }]))
})

test('a host that stops has finished the messages in hand; what is left is for the next', async () => {
  const { host, queue, start } = await world()
  await queue.sendMessage(base64('before'))
  await until(() => heard(host).length === 1)
  await host.stop()
  expect(await isEmpty(queue)).toBe(true)
  await queue.sendMessage(base64('after'))
  const next = await start()
  await until(() => heard(next).length === 1)
  expect(heard(host)).toHaveLength(1)
})
