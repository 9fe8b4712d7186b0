import { rmSync } from 'node:fs'
import { contentDirectory } from '../../../../local/cloud/container-registry/open-registries.ts'
import { type RegistryWorld, registryWorld } from '../container-registry/registry-world.ts'
import { until } from '../sdk.ts'
import { type WebhookServer, webhookServer } from './webhook-server.ts'

let world: RegistryWorld
let webhook: WebhookServer
beforeEach(async () => {
  world = await registryWorld()
  webhook = await webhookServer()
})
afterEach(async () => {
  await world.stop()
  await webhook.stop()
})

const API = 'api-version=2025-02-15'
const path = (scope: string, name = 'pushes') => `${scope}/providers/Microsoft.EventGrid/eventSubscriptions/${name}?${API}`

async function subscribe(scope: string, properties: object = {}): Promise<string> {
  const destination = { endpointType: 'WebHook', properties: { endpointUrl: webhook.url } }
  const made = await world.cloud.send('PUT', path(scope), { properties: { destination, ...properties } })
  expect(made.status).toBe(201)
  const state = async () => (await world.cloud.send('GET', path(scope))).body.properties.provisioningState
  await until(async () => (await state()) !== 'Creating')
  return state()
}

test('a push and a deletion arrive at the registry’s subscribers', async () => {
  expect(await subscribe(world.id)).toBe('Succeeded')
  const digest = await world.push('app', 'v1')
  await until(() => webhook.received.length === 1)
  const [pushed] = webhook.received
  expect(pushed?.headers).toMatchObject({ 'aeg-event-type': 'Notification', 'aeg-subscription-name': 'PUSHES', 'aeg-delivery-count': '0' })
  expect(pushed?.body).toMatchObject([
    {
      topic: world.id,
      subject: 'app:v1',
      eventType: 'Microsoft.ContainerRegistry.ImagePushed',
      dataVersion: '1.0',
      metadataVersion: '1',
      data: {
        action: 'push',
        target: { digest, repository: 'app', tag: 'v1' },
        request: { host: 'testregistry.azurecr.io', method: 'PUT' },
      },
    },
  ])
  await world.send('DELETE', `/v2/app/manifests/${digest}`)
  await until(() => webhook.received.length === 2)
  const [deleted] = webhook.received[1]?.body ?? []
  expect(deleted).toMatchObject({
    subject: 'app',
    eventType: 'Microsoft.ContainerRegistry.ImageDeleted',
    data: { action: 'delete', target: { digest } },
  })
  expect(deleted.data.target.tag).toBeUndefined()
})

test('a tag that is deleted is announced to nobody', async () => {
  await world.push('app', 'v1')
  await subscribe(world.id)
  await world.send('DELETE', '/acr/v1/app/_tags/v1')
  await world.push('app', undefined, { layer: 'after it' })
  await until(() => webhook.received.length === 1)
  expect(webhook.received[0]?.body[0]).toMatchObject({ subject: 'app', eventType: 'Microsoft.ContainerRegistry.ImagePushed' })
})

test('events come as CloudEvents to whoever asked for them', async () => {
  expect(await subscribe(world.id, { eventDeliverySchema: 'CloudEventSchemaV1_0' })).toBe('Succeeded')
  await world.push('app', 'v1')
  await until(() => webhook.received.length === 1)
  expect(webhook.received[0]?.headers['content-type']).toContain('application/cloudevents+json')
  expect(webhook.received[0]?.body).toMatchObject({
    specversion: '1.0',
    source: world.id,
    subject: 'app:v1',
    type: 'Microsoft.ContainerRegistry.ImagePushed',
    time: expect.any(String),
  })
})

test('a subscriber gets the types and subjects that it asked for', async () => {
  await subscribe(world.id, { filter: { includedEventTypes: ['Microsoft.ContainerRegistry.ImagePushed'], subjectBeginsWith: 'team/' } })
  const digest = await world.push('other', 'v1')
  await world.send('DELETE', `/v2/other/manifests/${digest}`)
  await world.push('team/app', 'v1')
  await until(() => webhook.received.length === 1)
  expect(webhook.received[0]?.body[0].subject).toBe('team/app:v1')
})

test('an address that does not want events gets none, and its key is not shown', async () => {
  webhook.willing = false
  expect(await subscribe(world.id)).toBe('Failed')
  const shown = await world.cloud.send('GET', path(world.id))
  expect(JSON.stringify(shown.body)).not.toContain('secret')
  const elsewhere = { properties: { destination: { endpointType: 'WebHook', properties: { endpointUrl: 'https://example.com/' } } } }
  expect((await world.cloud.send('PUT', path(world.id, 'other'), elsewhere)).status).toBe(400)
  expect((await world.cloud.send('PUT', path(`${world.id}x`), elsewhere)).status).toBe(404)
})

test('a delivery that fails is tried again; one that is refused is not; some come twice', async () => {
  await subscribe(world.id)
  webhook.answers.push(500, 503)
  await world.push('app', 'v1')
  await until(() => webhook.received.length === 3)
  expect(webhook.received.map(({ headers }) => headers['aeg-delivery-count'])).toEqual(['0', '1', '2'])
  expect(new Set(webhook.received.map(({ body }) => body[0].id)).size).toBe(1)
  webhook.answers.push(400)
  await world.push('app', 'v2')
  await until(() => webhook.received.length === 4)
  world.cloud.setFaults({ rules: [{ match: { operation: 'Microsoft.EventGrid/deliver' }, fault: 'duplicate' }] })
  await world.push('app', 'v3')
  await until(() => webhook.received.length === 6)
  expect(webhook.received[4]?.body).toEqual(webhook.received[5]?.body)
})

test('an event that was under way at a crash is delivered after it', async () => {
  await subscribe(world.id)
  webhook.silent = true
  const digest = await world.push('app', 'v1')
  await until(() => webhook.received.length === 1)
  const directory = contentDirectory(world.cloud.azure)
  await world.cloud.kill()
  webhook.silent = false
  const cloud = await world.cloud.restart()
  await until(() => webhook.received.length === 2)
  expect(webhook.received[1]?.body[0].data.target.digest).toBe(digest)
  const stop = async () => {
    await cloud.stop()
    rmSync(directory, { recursive: true, force: true })
  }
  world = { ...world, stop }
})

test('a registry that is made, changed and deleted is announced to its group’s system topic', async () => {
  const group = world.id.split('/providers/')[0] ?? ''
  const topic = `${group}/providers/Microsoft.EventGrid/systemTopics/resources`
  const source = { source: group, topicType: 'Microsoft.Resources.ResourceGroups' }
  expect((await world.cloud.send('PUT', `${topic}?${API}`, { location: 'global', properties: source })).status).toBe(201)
  const destination = { endpointType: 'WebHook', properties: { endpointUrl: webhook.url } }
  const subscription = `${topic}/eventSubscriptions/registries?${API}`
  expect((await world.cloud.send('PUT', subscription, { properties: { destination } })).status).toBe(201)
  await until(async () => (await world.cloud.send('GET', subscription)).body.properties.provisioningState === 'Succeeded')
  await world.arm('PATCH', '', { tags: { slipway: 'enrol' } })
  await until(() => webhook.received.length === 1)
  expect(webhook.received[0]?.body[0]).toMatchObject({
    topic: group,
    subject: world.id,
    eventType: 'Microsoft.Resources.ResourceWriteSuccess',
    dataVersion: '2',
    data: { operationName: 'Microsoft.ContainerRegistry/registries/write', status: 'Succeeded', resourceUri: world.id },
  })
  await world.arm('DELETE', '')
  await until(() => webhook.received.length === 2)
  expect(webhook.received[1]?.body[0]).toMatchObject({
    eventType: 'Microsoft.Resources.ResourceDeleteSuccess',
    data: { operationName: 'Microsoft.ContainerRegistry/registries/delete' },
  })
})
