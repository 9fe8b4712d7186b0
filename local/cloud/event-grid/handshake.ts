import type { Azure } from '../azure.ts'
import type { JsonObject, Resource } from '../resource.ts'
import type { SubscriptionProperties } from './event-subscription.ts'
import { post, whileRunning } from './webhook.ts'

const ORIGIN = 'eventgrid.azure.net'

/** Arms the handshake: it takes requests, which a change cannot wait for. Inside a change. */
export function askForHandshake(azure: Azure, subscription: Pick<Resource, 'id'>): void {
  azure.arm({
    key: `event-grid/handshake ${subscription.id.toLowerCase()}`,
    inSeconds: 0,
    provider: 'Microsoft.EventGrid',
    run: 'handshake',
    input: { id: subscription.id },
  })
}

/** Alarm: asks the address whether it wants events, and notes the answer. */
export function handshake(azure: Azure, { id }: JsonObject): void {
  const subscription = azure.resources.get(String(id))
  if (!subscription) return
  whileRunning(azure, async () => {
    const accepted = await accepts(azure, subscription)
    azure.change(() => {
      const now = azure.resources.get(subscription.id)
      // Written again meanwhile: the newer handshake decides.
      if (now?.etag === subscription.etag) azure.resources.put({ ...now, hidden: { state: accepted ? 'Succeeded' : 'Failed' } })
    })
  })
}

async function accepts(azure: Azure, subscription: Resource): Promise<boolean> {
  const { destination, eventDeliverySchema } = subscription.properties as unknown as SubscriptionProperties
  const url = destination.properties.endpointUrl
  if (eventDeliverySchema === 'CloudEventSchemaV1_0') {
    const answer = await post(azure, url, { method: 'OPTIONS', headers: { 'WebHook-Request-Origin': ORIGIN } })
    const allowed = answer?.headers.get('webhook-allowed-origin')
    return answer?.status === 200 && (allowed === ORIGIN || allowed === '*')
  }
  const validationCode = azure.uuid()
  const event = {
    id: azure.uuid(),
    topic: subscription.id,
    subject: '',
    eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
    eventTime: new Date(azure.clock.now()).toISOString(),
    data: { validationCode },
    dataVersion: '2',
    metadataVersion: '1',
  }
  const headers = {
    'Content-Type': 'application/json',
    'aeg-event-type': 'SubscriptionValidation',
    'aeg-subscription-name': subscription.name.toUpperCase(),
  }
  const answer = await post(azure, url, { method: 'POST', headers, body: JSON.stringify([event]) })
  // 202 is refused, as Azure refuses it.
  return answer?.status === 200 && answer.text.includes(`"${validationCode}"`)
}
