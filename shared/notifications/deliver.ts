import { createHash, createHmac } from 'node:crypto'
import { secondsNow } from '../operations/operations.ts'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import { NOTIFICATION_QUEUE, type Notification, type Work } from './notification.ts'
import { findNotification } from './notification-store.ts'
import {
  type DeadLetter,
  findWebhook,
  getDeadLetter,
  putDeadLetter,
  removeDeadLetter,
  type Webhook,
  webhookSecret,
} from './webhook-store.ts'

export type Delivery = Extract<Work, { readonly type: 'deliver' }>

/** With the pauses between them, the last try comes about half a day after the first. */
const MOST_ATTEMPTS = 10
/** Seconds before the second try; each further one waits three times as long. */
const FIRST_PAUSE = 10
const LONGEST_PAUSE = 6 * 3600
const PATIENCE_MS = 10_000

/** One try. What fails is tried again later; what has failed too often becomes a dead letter, which an administrator sees and can send again. */
export async function deliver(services: Services, delivery: Delivery): Promise<void> {
  const { webhookId, notificationId, attempt } = delivery
  const [webhook, notification] = await Promise.all([findWebhook(services, webhookId), findNotification(services, notificationId)])
  // Removed meanwhile: nobody waits for it.
  if (!webhook || !notification) return
  const error = await post(services, webhook, notification)
  if (error === undefined) return
  services.log('webhook-failed', { webhook: webhookId, attempt, error })
  if (attempt < MOST_ATTEMPTS) {
    const pause = Math.min(FIRST_PAUSE * 3 ** (attempt - 1), LONGEST_PAUSE) / services.settings.clockSpeed
    return services.queues.send(NOTIFICATION_QUEUE, { ...delivery, attempt: attempt + 1 }, Math.ceil(pause))
  }
  await putDeadLetter(services, {
    id: deadLetterId(delivery),
    webhookId,
    notificationId,
    attempts: attempt,
    error,
    failedOn: secondsNow(services),
  })
}

/** Begins what was given up anew. It is on the queue before it is off the list. ProblemError `conflict` where nobody can be told any more. */
export async function deliverAgain(services: Services, deadLetter: string): Promise<void> {
  await services.queues.send(NOTIFICATION_QUEUE, await workOf(services, await getDeadLetter(services, deadLetter)))
  await removeDeadLetter(services, deadLetter)
}

async function workOf(services: Services, { id, webhookId, notificationId }: DeadLetter): Promise<Work> {
  if (id === messageId(CHECK)) return CHECK
  if (webhookId === '') throw unsendable('It is no message of this app.')
  const [webhook, notification] = await Promise.all([findWebhook(services, webhookId), findNotification(services, notificationId)])
  if (!webhook || !notification) throw unsendable('The webhook or what it was to be told of is gone.')
  return { type: 'deliver', webhookId, notificationId, attempt: 1 }
}

const unsendable = (message: string) => new ProblemError({ code: 'conflict', message, remedy: 'Take it off the list.', retryable: false })

const CHECK: Work = { type: 'check-versions' }

/** Of the dead letter of a message that is no delivery. */
export const messageId = (message: unknown): string => digestOf(JSON.stringify(message) ?? '')

/** The same for the same delivery: one that is given up twice is one dead letter. */
export const deadLetterId = ({ webhookId, notificationId }: Pick<Delivery, 'webhookId' | 'notificationId'>): string =>
  digestOf(`${webhookId} ${notificationId}`)

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

/** Undefined: the other side has it. Otherwise why not; nothing of what the other side said, which may hold anything. */
async function post(services: Services, { id, url }: Webhook, notification: Notification): Promise<string | undefined> {
  const body = JSON.stringify(notification)
  const secret = (await webhookSecret(services, id)) ?? ''
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'slipway',
        'x-slipway-delivery': deadLetterId({ webhookId: id, notificationId: notification.id }),
        'x-slipway-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
      body,
      // An address that sends us elsewhere could have us call what only we can reach.
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    await response.body?.cancel()
    return response.ok ? undefined : `HTTP ${response.status}`
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? `no answer within ${PATIENCE_MS / 1000} s` : 'no connection'
  }
}
