import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { QueueClient } from '@azure/storage-queue'
import { type Delivery, deliver, deliverAgain } from '../../../shared/notifications/deliver.ts'
import { insertNotification } from '../../../shared/notifications/notification-store.ts'
import { createWebhook, listDeadLetters, removeDeadLetter, removeWebhook } from '../../../shared/notifications/webhook-store.ts'
import { bury } from '../../../shared/notifications/work.ts'
import { testServices } from '../../services.ts'

const services = testServices({ SLIPWAY_CLOCK_SPEED: '1000' })
let receiver: Server
let answer = 500
let calls = 0
beforeAll(async () => {
  receiver = createServer((_request, response) => {
    calls += 1
    response.writeHead(answer, { location: 'http://127.0.0.1:1/' }).end()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => receiver.once('listening', resolve))
})
afterAll(() => new Promise((resolve) => receiver.close(resolve)))

const NEWS = {
  type: 'version-available',
  clusterId: 'c',
  clusterName: 'demo',
  from: '3.8.0',
  version: '3.9.0',
  releaseNotesUrl: '',
} as const

async function delivery(id: string): Promise<Omit<Delivery, 'attempt'>> {
  await insertNotification(services, { ...NEWS, id, createdOn: 0 })
  const webhook = await createWebhook(services, `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`, 'test')
  return { type: 'deliver', notificationId: id, webhookId: webhook.id }
}

/** What is on the queue, taken off it; also what nobody is to see for a second yet. */
async function queued(): Promise<unknown[]> {
  const queue = new QueueClient(services.settings.storageConnectionString ?? '', 'slipway-notifications')
  const found: unknown[] = []
  for (let tries = 0; tries < 60 && found.length === 0; tries++) {
    const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32 })
    for (const { messageText, messageId, popReceipt } of receivedMessageItems) {
      found.push(JSON.parse(Buffer.from(messageText, 'base64').toString('utf8')))
      await queue.deleteMessage(messageId, popReceipt)
    }
    if (found.length === 0) await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return found
}

test.each([500, 404, 302])('an answer of %d is no delivery: it is tried again', async (status) => {
  answer = status
  const what = await delivery(`again-${status}`)
  await deliver(services, { ...what, attempt: 1 })
  expect(await queued()).toEqual([{ ...what, attempt: 2 }])
  expect(await listDeadLetters(services)).toEqual([])
})

test('what has failed ten times is a dead letter, once, and is begun anew when an administrator says so', async () => {
  answer = 500
  const what = await delivery('given-up')
  await deliver(services, { ...what, attempt: 10 })
  await deliver(services, { ...what, attempt: 10 })
  const [letter, ...others] = await listDeadLetters(services)
  expect(letter).toMatchObject({ webhookId: what.webhookId, notificationId: 'given-up', attempts: 10, error: 'HTTP 500' })
  expect(others).toEqual([])
  await deliverAgain(services, letter?.id ?? '')
  expect(await queued()).toEqual([{ ...what, attempt: 1 }])
  expect(await listDeadLetters(services)).toEqual([])
})

test('a webhook that was removed is told nothing more', async () => {
  const what = await delivery('removed')
  await removeWebhook(services, what.webhookId)
  const before = calls
  await deliver(services, { ...what, attempt: 1 })
  expect(calls).toBe(before)
})

test('what was given up for a webhook that is gone is not begun anew, and stays on the list', async () => {
  const what = await delivery('nobody')
  await deliver(services, { ...what, attempt: 10 })
  await removeWebhook(services, what.webhookId)
  const [letter] = await listDeadLetters(services)
  await expect(deliverAgain(services, letter?.id ?? '')).rejects.toMatchObject({ problem: { code: 'conflict' } })
  expect(await listDeadLetters(services)).toEqual([letter])
  await removeDeadLetter(services, letter?.id ?? '')
})

test('a check of the versions that broke the app is begun anew', async () => {
  await bury(services, { type: 'check-versions' })
  const [letter] = await listDeadLetters(services)
  await deliverAgain(services, letter?.id ?? '')
  expect(await queued()).toEqual([{ type: 'check-versions' }])
  expect(await listDeadLetters(services)).toEqual([])
})

test('a message that broke the app is shown among the dead letters', async () => {
  await bury(services, { what: 'is this' })
  const letters = await listDeadLetters(services)
  expect(letters).toMatchObject([{ error: 'It is no message of this app.' }])
  await expect(deliverAgain(services, letters[0]?.id ?? '')).rejects.toMatchObject({ problem: { code: 'conflict' } })
})
