import type { Provider } from '../provider.ts'
import { deliver, resumeDeliveries } from './delivery.ts'
import { eventSubscriptionEndpoints, systemTopics, topicSubscriptions } from './event-subscription.ts'
import { handshake } from './handshake.ts'
import { startWebhooks } from './webhook.ts'

export const eventGridProvider: Provider = {
  namespace: 'Microsoft.EventGrid',
  resourceTypes: [systemTopics, topicSubscriptions],
  endpoints: eventSubscriptionEndpoints,
  alarms: { handshake, deliver },
  start(azure) {
    const stop = startWebhooks(azure)
    resumeDeliveries(azure)
    return stop
  },
}
