import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ClusterWorld, clusterWorld } from '../../cluster-world.ts'
import { waitFor } from '../../e2e/waiters.ts'
import { until } from '../../until.ts'

interface Received {
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

let world: ClusterWorld
let receiver: Server
const received: Received[] = []

beforeAll(async () => {
  world = await clusterWorld()
  receiver = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    received.push({ headers: request.headers, body })
    response.end()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => receiver.once('listening', resolve))
}, 60_000)
afterAll(async () => {
  await new Promise((resolve) => receiver?.close(resolve))
  await world?.end()
})

const url = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
const ask = async <Payload>(method: string, route: string, body?: unknown) =>
  (await world.api.call<Payload>(method, `/api/${route}`, body)).payload
const told = async () => (await ask<{ notifications: { version: string; clusterName: string }[] }>('GET', 'notifications')).notifications

const next = (version: string, from: string) => ({
  version,
  upgradableFromVersion: from,
  images: [{ os: 'ubuntu', urn: 'Canonical:0001-com-ubuntu-server-focal:20_04-lts-gen2:latest' }],
  releaseNotesUrl: `https://notes.example/${version}`,
  install: { command: ['install'], check: ['true'], user: 'hopsworks', timeoutSeconds: 3600, password: ['true'] },
  upgrade: { command: ['upgrade'], check: ['true'], user: 'hopsworks', timeoutSeconds: 3600 },
  health: { api: ['true'] },
})

test('a cluster is told once of each newer version, running or stopped, and whoever wants it is sent it, signed', async () => {
  const { api } = world
  const { id: webhookId, secret } = await ask<{ id: string; secret: string }>('POST', 'webhooks', { url: url() })
  expect((await ask<{ webhooks: object[] }>('GET', 'webhooks')).webhooks).toEqual([expect.not.objectContaining({ secret })])
  const id = await api.create({ name: 'told', blobContainerName: 'told' })
  expect(await waitFor(api, id, 'run')).toMatchObject({ end: 'running' })
  expect(await told()).toEqual([])

  await ask('POST', 'versions', next('3.10.0', '3.9.0'))
  await until(() => received.length === 1)
  const news = { version: '3.10.0', from: '3.9.0', releaseNotesUrl: 'https://notes.example/3.10.0' }
  expect(await told()).toEqual([expect.objectContaining({ ...news, clusterId: id, clusterName: 'told', type: 'version-available' })])
  expect(await api.cluster(id)).toMatchObject({ newerVersion: news })
  const [{ headers, body } = { headers: {}, body: '' }] = received
  expect(JSON.parse(body)).toMatchObject({ ...news, clusterName: 'told' })
  expect(headers['x-slipway-signature']).toBe(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`)

  // The same version again is no news; the next one reaches a stopped cluster too.
  await ask('POST', 'versions', next('3.10.0', '3.9.0'))
  await api.call('PUT', `/api/clusters/${id}/stop`)
  await waitFor(api, id, 'stop')
  await ask('POST', 'versions', next('3.10.1', '3.9.0'))
  await until(() => received.length === 2)
  expect((await told()).map(({ version }) => version).sort()).toEqual(['3.10.0', '3.10.1'])
  await ask('DELETE', 'versions/3.10.1')
  await until(async () => (await api.cluster(id))?.newerVersion !== undefined && JSON.stringify(await api.cluster(id)).includes('3.10.0'))
  expect(received).toHaveLength(2)
  await ask('DELETE', `webhooks/${webhookId}`)

  await api.call('DELETE', `/api/clusters/${id}`)
  await waitFor(api, id, 'delete')
  expect(await told()).toEqual([])
}, 90_000)

test('an address that is no URL is refused', async () => {
  expect(await world.api.call('POST', '/api/webhooks', { url: 'file:///etc/passwd' })).toMatchObject({ code: 400, error: { field: 'url' } })
})
