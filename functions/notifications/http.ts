import * as z from 'zod'
import { defineEndpoint, type Endpoint } from '../../shared/http/endpoint.ts'
import { deliverAgain } from '../../shared/notifications/deliver.ts'
import { notificationSchema } from '../../shared/notifications/notification.ts'
import { listNotifications } from '../../shared/notifications/notification-store.ts'
import {
  createWebhook,
  draftWebhook,
  getDeadLetter,
  getWebhook,
  listDeadLetters,
  listWebhooks,
  removeDeadLetter,
  removeWebhook,
} from '../../shared/notifications/webhook-store.ts'

const webhook = z.object({ id: z.string(), url: z.string(), createdBy: z.string(), createdOn: z.int().describe('Epoch seconds') })
const deadLetter = z.object({
  id: z.string(),
  webhookId: z.string(),
  notificationId: z.string(),
  attempts: z.int(),
  error: z.string(),
  failedOn: z.int().describe('Epoch seconds'),
})
const oneId = z.object({ id: z.string().regex(/^[0-9a-f]{16,32}$/) })

export const notificationEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    name: 'notifications-list',
    method: 'GET',
    route: 'notifications',
    role: 'reader',
    summary: 'List what clusters have been told, newest first',
    response: z.object({ notifications: z.array(notificationSchema).readonly() }),
    handler: async ({ services }) => ({ notifications: await listNotifications(services) }),
  }),
  defineEndpoint({
    name: 'webhooks-create',
    method: 'POST',
    route: 'webhooks',
    role: 'admin',
    summary: 'Have notifications delivered to an address',
    request: z.object({ url: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).max(2000) }),
    response: webhook.extend({ secret: z.string().describe('Signs the deliveries; shown this once') }),
    dryRun: webhook.pick({ url: true, createdBy: true }),
    status: 201,
    secret: true,
    handler: ({ body: { url }, caller, dryRun, services }) => (dryRun ? draftWebhook : createWebhook)(services, url, caller.name),
  }),
  defineEndpoint({
    name: 'webhooks-list',
    method: 'GET',
    route: 'webhooks',
    role: 'admin',
    summary: 'List the webhooks',
    response: z.object({ webhooks: z.array(webhook).readonly() }),
    handler: async ({ services }) => ({ webhooks: await listWebhooks(services) }),
  }),
  defineEndpoint({
    name: 'webhooks-remove',
    method: 'DELETE',
    route: 'webhooks/{id}',
    role: 'admin',
    summary: 'Remove a webhook',
    params: oneId,
    dryRun: z.object({ webhook }),
    handler: async ({ params: { id }, dryRun, services }) =>
      dryRun ? { webhook: await getWebhook(services, id) } : removeWebhook(services, id),
  }),
  defineEndpoint({
    name: 'dead-letters-list',
    method: 'GET',
    route: 'dead-letters',
    role: 'admin',
    summary: 'List the deliveries that were given up, newest first',
    response: z.object({ deadLetters: z.array(deadLetter).readonly() }),
    handler: async ({ services }) => ({ deadLetters: await listDeadLetters(services) }),
  }),
  defineEndpoint({
    name: 'dead-letters-retry',
    method: 'POST',
    route: 'dead-letters/{id}/retry',
    role: 'admin',
    summary: 'Deliver once more what was given up',
    status: 202,
    params: oneId,
    dryRun: z.object({ deadLetter }),
    handler: async ({ params: { id }, dryRun, services }) =>
      dryRun ? { deadLetter: await getDeadLetter(services, id) } : deliverAgain(services, id),
  }),
  defineEndpoint({
    name: 'dead-letters-remove',
    method: 'DELETE',
    route: 'dead-letters/{id}',
    role: 'admin',
    summary: 'Take a delivery that was given up off the list',
    params: oneId,
    dryRun: z.object({ deadLetter }),
    async handler({ params: { id }, dryRun, services }) {
      const deadLetter = await getDeadLetter(services, id)
      return dryRun ? { deadLetter } : removeDeadLetter(services, id)
    },
  }),
]
