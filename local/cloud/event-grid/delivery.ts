import type { Azure } from '../azure.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { cloudEvent, eventGridEvent, type Occurrence, wants } from './event.ts'
import { EVENT_SUBSCRIPTION, settingsOf, TOPIC_SUBSCRIPTION, topicOf } from './event-subscription.ts'
import { post, whileRunning } from './webhook.ts'

/** Seconds until the next try; the last repeats [learn: event-grid/delivery-and-retry]. */
const BACK_OFF = [10, 30, 60, 300, 600, 1_800, 3_600, 10_800, 21_600, 43_200]

/** Answers after which a webhook is not tried again [learn: event-grid/delivery-and-retry]. */
const FINAL = [400, 401, 403, 413]

const deliveries = (azure: Azure) => azure.records('event-grid/deliveries')

/** An event on its way to one subscription; in the journal until it has arrived or is given up. */
interface Delivery {
  readonly subscriptionId: string
  readonly event: Occurrence
  /** Tries made so far. */
  readonly attempts: number
}

/** Sends an event to every subscription that wants it. Inside the change that made it happen, so that neither is without the other. */
export function publish(azure: Azure, event: Occurrence): void {
  for (const type of [EVENT_SUBSCRIPTION, TOPIC_SUBSCRIPTION])
    for (const subscription of azure.resources.ofType(type)) {
      if (subscription.hidden.state !== 'Succeeded' || !wants(settingsOf(subscription).filter, event)) continue
      const topic = topicOf(azure, subscription).toLowerCase()
      if (!event.topics.some((known) => known.toLowerCase() === topic)) continue
      const twice = azure.strikes('duplicate', { operation: 'Microsoft.EventGrid/deliver', path: event.subject })
      for (let copy = 0; copy < (twice ? 2 : 1); copy += 1)
        send(azure, azure.uuid(), { subscriptionId: subscription.id, event, attempts: 0 })
    }
}

function send(azure: Azure, key: string, delivery: Delivery): void {
  deliveries(azure).put(key, delivery as unknown as JsonObject)
  const pause = BACK_OFF[Math.min(delivery.attempts, BACK_OFF.length) - 1]
  arm(azure, key, pause ?? azure.seconds('event.deliver'))
}

function arm(azure: Azure, key: string, inSeconds: number): void {
  azure.arm({ key: `event-grid/delivery ${key}`, inSeconds, provider: 'Microsoft.EventGrid', run: 'deliver', input: { key } })
}

/** After a start: a try that was under way when the simulator ended has no alarm any more. */
export function resumeDeliveries(azure: Azure): void {
  const left = deliveries(azure).list()
  if (left.length > 0) azure.change(() => left.forEach(({ key }) => void arm(azure, key, azure.seconds('event.deliver'))))
}

/** Alarm: one try. */
export function deliver(azure: Azure, { key }: JsonObject): void {
  const delivery = deliveries(azure).get(String(key)) as unknown as Delivery | undefined
  if (!delivery) return
  const subscription = azure.resources.get(delivery.subscriptionId)
  if (!subscription) {
    deliveries(azure).delete(String(key))
    return
  }
  whileRunning(azure, async () => {
    const status = await attempt(azure, subscription, delivery)
    azure.change(() => {
      const attempts = delivery.attempts + 1
      if (isOver(azure, settingsOf(subscription).retryPolicy, { ...delivery, attempts }, status)) deliveries(azure).delete(String(key))
      else send(azure, String(key), { ...delivery, attempts })
    })
  })
}

async function attempt(azure: Azure, subscription: Resource, { event, attempts }: Delivery): Promise<number | undefined> {
  const { destination, eventDeliverySchema } = settingsOf(subscription)
  const topic = topicOf(azure, subscription)
  const cloud = eventDeliverySchema === 'CloudEventSchemaV1_0'
  const body = JSON.stringify(cloud ? cloudEvent(topic, event) : [eventGridEvent(topic, event)])
  const headers = {
    'Content-Type': cloud ? 'application/cloudevents+json; charset=utf-8' : 'application/json; charset=utf-8',
    'aeg-event-type': 'Notification',
    'aeg-subscription-name': subscription.name.toUpperCase(),
    'aeg-delivery-count': String(attempts),
  }
  return (await post(azure, destination.properties.endpointUrl, { method: 'POST', headers, body }))?.status
}

/** Delivered, refused for good, or tried as often and as long as the policy says. */
function isOver(
  azure: Azure,
  policy: { maxDeliveryAttempts: number; eventTimeToLiveInMinutes: number },
  { attempts, event }: Delivery,
  status: number | undefined,
): boolean {
  if (status !== undefined && ((status >= 200 && status <= 204) || FINAL.includes(status))) return true
  const minutes = ((azure.clock.now() - event.at) * azure.speed) / 60_000
  return attempts >= policy.maxDeliveryAttempts || minutes >= policy.eventTimeToLiveInMinutes
}
