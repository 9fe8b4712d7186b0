import { readFileSync } from 'node:fs'
import { get as httpGet, request as httpRequest } from 'node:http'
import { get as httpsGet } from 'node:https'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import { type TestCloud, testCloud } from './sdk.ts'

describe('the front door', () => {
  let cloud: TestCloud
  beforeAll(async () => {
    cloud = await testCloud({ providers: [], tlsPort: 0 })
  })
  afterAll(() => cloud.stop())

  const statusFor = (host: string, path = '/') =>
    new Promise<number | undefined>((resolve, reject) => {
      httpGet(`${cloud.url}${path}`, { headers: { Host: host } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).on('error', reject)
    })

  it('tells services apart by host name, and refuses names that it does not simulate', async () => {
    expect(await statusFor('management.azure.com', '/subscriptions?api-version=2022-12-01')).toBe(401)
    expect(await statusFor('login.microsoftonline.com', '/common/discovery/instance')).toBe(200)
    expect(await statusFor('169.254.169.254', '/metadata/identity/oauth2/token')).toBe(400)
    expect(await statusFor('localhost')).toBe(200)
    expect(await statusFor('evil.example', '/_slipway/state')).toBe(421)
    expect(await statusFor('management.azure.com', '/_slipway/state')).toBe(401)
  })

  it('answers over TLS with a certificate that its CA vouches for', async () => {
    const ca = readFileSync(cloud.caPath ?? '')
    const status = await new Promise((resolve, reject) => {
      httpsGet(`${cloud.tlsUrl}/`, { ca, servername: 'management.azure.com', agent: false }, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).on('error', reject)
    })
    expect(status).toBe(200)
  })

  const connect = (host: string) =>
    new Promise<{ status: number | undefined; socket: Socket }>((resolve, reject) => {
      const { hostname, port } = new URL(cloud.url)
      const tunnel = httpRequest({ hostname, port, method: 'CONNECT', path: `${host}:443` })
      tunnel.on('connect', ({ statusCode: status }, socket) => resolve({ status, socket })).on('error', reject)
      tunnel.end()
    })

  it('is a proxy to the hosts that it simulates, and to no other', async () => {
    const { status, socket } = await connect('management.azure.com')
    expect(status).toBe(200)
    const ca = readFileSync(cloud.caPath ?? '')
    const tls = connectTls({ socket, ca, servername: 'management.azure.com' })
    tls.write('GET /subscriptions?api-version=2022-12-01 HTTP/1.1\r\nHost: management.azure.com\r\nConnection: close\r\n\r\n')
    expect(await text(tls)).toMatch(/^HTTP\/1.1 401 /)
    const refused = await connect('elsewhere.example')
    expect(refused.status).toBe(403)
    refused.socket.destroy()
  })

  it('shows what exists, to programs and to people', async () => {
    const listed = await cloud.send('GET', '/')
    expect(listed.body.resources.map(({ id }: { id: string }) => id)).toContain(
      `/subscriptions/${cloud.landingZone.subscriptionId}/resourceGroups/slipway`,
    )
    const page = await cloud.request('GET', '/', { headers: { Accept: 'text/html' } })
    expect(await page.text()).toContain('<td>slipway')
  })

  it('keeps pages of other origins away from its knobs', async () => {
    expect((await cloud.request('POST', '/_slipway/reset', { headers: { Origin: 'https://evil.example' } })).status).toBe(403)
  })

  it('counts requests and shows the state without what is hidden', async () => {
    await cloud.send('GET', `/subscriptions/${cloud.landingZone.subscriptionId}/resourcegroups?api-version=2021-04-01`)
    const { body } = await cloud.send('GET', '/_slipway/state')
    expect(body.requests['Microsoft.Resources/subscriptions/resourceGroups/read']).toEqual({ 200: expect.any(Number) })
    expect(body.resources[0]).not.toHaveProperty('hidden')
  })

  it('starts over on reset', async () => {
    const group = `/subscriptions/${cloud.landingZone.subscriptionId}/resourcegroups/temporary?api-version=2021-04-01`
    await cloud.send('PUT', group, { location: 'eastus' })
    expect((await cloud.send('POST', '/_slipway/reset')).status).toBe(200)
    expect((await cloud.send('GET', group)).status).toBe(404)
    expect((await cloud.send('GET', group.replace('temporary', 'slipway'))).status).toBe(200)
  })

  it.each([
    ['faults', { rules: [{ match: { color: 'red' }, fault: 'reset' }] }],
    ['quota', { name: 'cores', limit: -1 }],
    ['latencies', { nothing: 1 }],
    ['roles', { add: [] }],
  ])('refuses a wrong body for %s', async (what, body) => {
    expect((await cloud.send('PUT', `/_slipway/${what}`, body)).status).toBe(400)
  })

  it('takes a quota for one region or all', async () => {
    await cloud.send('PUT', '/_slipway/quota', { name: 'cores', limit: 7 })
    await cloud.send('PUT', '/_slipway/quota', { location: 'eastus', name: 'cores', limit: 3 })
    const { quota } = cloud.azure
    expect([quota('eastus', 'cores', 100), quota('westus', 'Cores', 100), quota('eastus', 'other', 100)]).toEqual([3, 7, 100])
    await cloud.send('PUT', '/_slipway/quota', { name: 'cores', limit: null })
    expect(quota('westus', 'cores', 100)).toBe(100)
  })
})
