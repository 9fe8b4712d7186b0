import { z } from 'zod'
import { ArmError } from '../arm/arm-error.ts'
import { parseBody } from '../arm/request-body.ts'
import { sameId } from '../arm/resource-id.ts'
import type { Azure } from '../azure.ts'
import type { Endpoint, EndpointCall, ResourceType } from '../provider.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { askForHandshake } from './handshake.ts'

export const EVENT_SUBSCRIPTION = 'Microsoft.EventGrid/eventSubscriptions'
export const TOPIC_SUBSCRIPTION = 'Microsoft.EventGrid/systemTopics/eventSubscriptions'

export const API_VERSIONS = [
  '2025-02-15',
  '2024-12-15-preview',
  '2024-06-01-preview',
  '2023-12-15-preview',
  '2022-06-15',
  '2021-12-01',
  '2020-06-01',
] as const

const NAME = /^[a-zA-Z0-9-]{3,64}$/

const subscriptionBody = z.object({
  properties: z.object({
    destination: z.object({
      endpointType: z.literal('WebHook'),
      properties: z.object({ endpointUrl: z.string().max(2_000).refine(isLocal, 'only webhooks of this machine are reached') }),
    }),
    filter: z
      .object({
        includedEventTypes: z.array(z.string().max(200)).max(100).nullish(),
        subjectBeginsWith: z.string().max(500).default(''),
        subjectEndsWith: z.string().max(500).default(''),
        isSubjectCaseSensitive: z.boolean().default(false),
      })
      .prefault({}),
    eventDeliverySchema: z.enum(['EventGridSchema', 'CloudEventSchemaV1_0']).default('EventGridSchema'),
    retryPolicy: z
      .object({
        maxDeliveryAttempts: z.int().min(1).max(30).default(30),
        eventTimeToLiveInMinutes: z.int().min(1).max(1_440).default(1_440),
      })
      .prefault({}),
    labels: z.array(z.string().max(100)).max(50).optional(),
  }),
})
export type SubscriptionProperties = z.infer<typeof subscriptionBody>['properties']

/** The simulator sends nothing to anybody but this machine, over plain HTTP too, where Azure asks for HTTPS. */
function isLocal(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && ['127.0.0.1', 'localhost'].includes(new URL(text).hostname)
}

export function settingsOf(subscription: Resource): SubscriptionProperties {
  return subscription.properties as unknown as SubscriptionProperties
}

/** Key and query of the endpoint are secrets: answers show the address without them. */
function view({ id, name, type, properties, hidden }: Resource, topic: string): JsonObject {
  const { destination } = properties as unknown as SubscriptionProperties
  const { origin, pathname } = new URL(destination.properties.endpointUrl)
  const shown = { endpointType: destination.endpointType, properties: { endpointBaseUrl: `${origin}${pathname}` } }
  return { id, name, type, properties: { ...properties, topic, destination: shown, provisioningState: hidden.state } }
}

/** A new address proves first that it wants events. */
const unproven = { state: 'Creating' }

const LIST = '{scope*}/providers/Microsoft.EventGrid/eventSubscriptions'
const ONE = `${LIST}/{name}`

/** Subscriptions at a resource, a group or a subscription itself. */
export const eventSubscriptionEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: LIST, apiVersions: API_VERSIONS, action: `${EVENT_SUBSCRIPTION}/read`, handle: list },
  {
    method: 'GET',
    path: ONE,
    apiVersions: API_VERSIONS,
    action: `${EVENT_SUBSCRIPTION}/read`,
    handle: (call) => ({ body: shown(existing(call), call) }),
  },
  { method: 'PUT', path: ONE, apiVersions: API_VERSIONS, action: `${EVENT_SUBSCRIPTION}/write`, handle: put },
  { method: 'DELETE', path: ONE, apiVersions: API_VERSIONS, action: `${EVENT_SUBSCRIPTION}/delete`, handle: remove },
]

const scopeOf = ({ params }: EndpointCall) => params.scope ?? ''
const idOf = (call: EndpointCall) => `${scopeOf(call)}/providers/${EVENT_SUBSCRIPTION}/${call.params.name}`
const shown = (subscription: Resource, call: EndpointCall) => view(subscription, scopeOf(call))

function existing(call: EndpointCall): Resource {
  const found = call.azure.resources.get(idOf(call))
  if (found) return found
  throw new ArmError(404, 'ResourceNotFound', `Event subscription doesn't exist: ${call.params.name?.slice(0, 100)}`)
}

function list(call: EndpointCall) {
  const found = call.azure.resources
    .ofType(EVENT_SUBSCRIPTION)
    .filter((subscription) => sameId(scopeOfSubscription(subscription), scopeOf(call)))
  return { body: { value: found.map((subscription) => shown(subscription, call)) } }
}

function put(call: EndpointCall) {
  const { azure, params } = call
  const scope = scopeOf(call)
  const name = params.name ?? ''
  if (!NAME.test(name)) throw new ArmError(400, 'InvalidRequest', 'Invalid event subscription name: 3 to 64 letters, digits and hyphens.')
  if (scope.includes('/providers/') && !azure.resources.get(scope))
    throw new ArmError(404, 'ResourceNotFound', `The resource '${scope.slice(0, 500)}' was not found.`)
  const { properties } = parseBody(subscriptionBody, call)
  const known = azure.resources.get(idOf(call))
  const subscription = azure.resources.put({
    id: idOf(call),
    name,
    type: EVENT_SUBSCRIPTION,
    provisioningState: 'Succeeded',
    properties,
    envelope: {},
    hidden: unproven,
  })
  askForHandshake(azure, subscription)
  return { status: known ? 200 : 201, body: shown(subscription, call) }
}

function remove(call: EndpointCall) {
  const { azure } = call
  if (!azure.resources.get(idOf(call))) return { status: 204 }
  azure.resources.delete(idOf(call))
  return { status: 200 }
}

/** What the subscription listens to: `{scope}/providers/Microsoft.EventGrid/eventSubscriptions/{name}`. */
function scopeOfSubscription({ id }: Resource): string {
  return id.slice(0, id.toLowerCase().lastIndexOf('/providers/microsoft.eventgrid/'))
}

/** A source's events as a resource of their own: those of a group or subscription need one. */
export const systemTopics: ResourceType = {
  type: 'systemTopics',
  apiVersions: API_VERSIONS,
  tracked: true,
  namePattern: NAME,
  write(call) {
    const { properties } = parseBody(
      z.object({ properties: z.object({ source: z.string().min(1).max(1_000), topicType: z.string().min(1).max(200) }) }),
      call,
    )
    return { properties }
  },
  remove: () => ({}),
}

/** Subscriptions of a system topic. */
export const topicSubscriptions: ResourceType = {
  type: 'systemTopics/eventSubscriptions',
  apiVersions: API_VERSIONS,
  tracked: false,
  namePattern: NAME,
  write(call) {
    const { properties } = parseBody(subscriptionBody, call)
    askForHandshake(call.azure, call.id)
    return { properties, hidden: unproven }
  },
  remove: () => ({}),
  view: (azure, subscription) => view(subscription, topicOf(azure, subscription)),
}

/** Id of the source whose events a subscription gets. */
export function topicOf(azure: Azure, subscription: Resource): string {
  if (subscription.type === EVENT_SUBSCRIPTION) return scopeOfSubscription(subscription)
  const topic = azure.resources.get(subscription.id.replace(/\/eventSubscriptions\/[^/]+$/i, ''))
  return String(topic?.properties.source ?? '')
}
