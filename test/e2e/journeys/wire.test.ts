import { createRequest } from '../api.ts'
import { goRequest, type Sent } from '../go-request.ts'
import { waitFor } from '../waiters.ts'
import { PATIENCE_MS, stage } from './stage.ts'

const here = stage()

const go = (method: string, path: string, sent: Partial<Sent> = {}) =>
  goRequest(method, here.world.host.url + path, { key: here.api.key, ...sent })

const UNKNOWN = '01900000-0000-7000-8000-000000000000'

test(
  'the whole life of a cluster with requests to the byte as the provider sends them',
  async () => {
    const body = JSON.stringify(
      createRequest(here.small({ tags: null, containerConfiguration: null, clusterDomainPrefix: null, autoscale: null })),
    )
    const created = await go('POST', '/api/clusters', { body })
    const { payload, code, apiVersion } = JSON.parse(created.text)
    expect([created.status, code, apiVersion, created.encoding]).toEqual([202, 202, 'v1', undefined])
    const { id } = payload
    expect((await waitFor(here.api, id, 'run')).end).toBe('running')

    const got = await go('GET', `/api/clusters/${id}`)
    const { cluster } = JSON.parse(got.text).payload
    // A pointer that decodes as `{}` is not nil; a number with a fraction is no int (contract §1.2).
    for (const absent of ['upgradeInProgress', 'autoscale', 'aws', 'gcp']) expect(cluster).not.toHaveProperty(absent)
    expect(got.text).not.toMatch(/:-?\d+(\.\d|e)/i)
    expect(cluster).toMatchObject({
      provider: 'AZURE',
      ports: { ssh: false },
      ronDB: { allInOne: true },
      tags: [],
      startedOn: expect.any(Number),
    })

    expect((await go('PUT', `/api/clusters/${id}/stop`)).status).toBe(202)
    expect((await waitFor(here.api, id, 'stop')).end).toBe('stopped')
    expect((await go('PUT', `/api/clusters/${id}/start`)).status).toBe(202)
    expect((await waitFor(here.api, id, 'run')).end).toBe('running')
    expect((await go('DELETE', `/api/clusters/${id}`)).status).toBe(202)
    expect((await waitFor(here.api, id, 'delete')).end).toBe('gone')
  },
  PATIENCE_MS,
)

test('a wrong key or none is 403 with the reason in plain text, on every endpoint', async () => {
  for (const key of ['', 'wrong', `swk_${'x'.repeat(43)}`])
    for (const [method, path] of [
      ['GET', '/api/clusters'],
      ['POST', '/api/clusters'],
      ['DELETE', `/api/clusters/${UNKNOWN}`],
    ] as const) {
      const { status, type, text } = await go(method, path, { key })
      expect([status, type]).toEqual([403, expect.stringContaining('text/plain')])
      expect(text).toMatch(/^The API key is missing, wrong, revoked or expired\..*x-api-key/)
    }
})

test('every answer is a JSON object whose code is the status; 404 is kept for ids', async () => {
  const body = '{}'
  const answers: readonly (readonly [method: string, path: string, code: number, sent?: Partial<Sent>])[] = [
    ['GET', '/api/clusters', 200],
    ['GET', '/api/clusters?cloud=AZURE', 200],
    ['GET', '/api/clusters?cloud=AWS', 200],
    ['GET', '/api/health', 200],
    ['GET', `/api/clusters/${UNKNOWN}`, 404],
    ['GET', '/api/clusters/06193a70-0443-11ed-93cf-49931166dde0', 404],
    ['GET', '/api/clusters/no-id-at-all', 404],
    ['GET', '/api/clusters/..%2F..%2Fetc%2Fpasswd', 404],
    ['GET', "/api/clusters/a'b%23%3F", 404],
    ['DELETE', `/api/clusters/${UNKNOWN}`, 404],
    ['PUT', `/api/clusters/${UNKNOWN}/stop`, 404],
    ['PUT', `/api/clusters/${UNKNOWN}/start`, 404],
    ['GET', `/api/clusters/${UNKNOWN}/operations`, 404],
    ['GET', `/api/clusters/${UNKNOWN}/credentials`, 404],
    ['GET', `/api/operations/${UNKNOWN}`, 404],
    ['POST', `/api/operations/${UNKNOWN}_1/retry`, 404],
    ['POST', '/api/clusters', 400, { body }],
    ['GET', '/api/nothing/here', 501],
    ['GET', '/api', 501],
    ['GET', '/api/', 501],
    ['PATCH', `/api/clusters/${UNKNOWN}`, 501],
    ['POST', `/api/clusters/${UNKNOWN}/stop`, 501],
  ]
  for (const [method, path, code, sent] of answers) {
    const { status, type, text } = await go(method, path, sent)
    const envelope = JSON.parse(text)
    expect({ method, path, status, code: envelope.code, type }).toEqual({
      method,
      path,
      status: code,
      code,
      type: expect.stringContaining('application/json'),
    })
    expect(envelope).toMatchObject({ apiVersion: 'v1', status: code < 400 ? 'ok' : 'error', message: expect.stringMatching(/./) })
    expect(envelope.message).not.toContain('%')
  }
})

test('paths and headers are taken in any case', async () => {
  expect((await go('GET', '/API/Clusters')).status).toBe(200)
  expect((await go('GET', '/api/clusters/')).status).toBe(200)
  expect((await go('GET', '/api/clusters', { headers: { 'Content-Type': 'text/plain' } })).status).toBe(200)
})

test(
  'a key for one request gives the same cluster again, and none to another request',
  async () => {
    const changes = here.small()
    const post = (sent: object, key: string) =>
      here.api.call<{ id: string }>('POST', '/api/clusters', createRequest(sent as Record<string, unknown>), { 'idempotency-key': key })
    const first = await post(changes, 'k1')
    expect(first.code).toBe(202)
    const again = await post(changes, 'k1')
    expect([again.code, again.payload, again.headers.get('operation-location')]).toEqual([
      202,
      first.payload,
      first.headers.get('operation-location'),
    ])
    expect(await post({ ...changes, name: 'another' }, 'k1')).toMatchObject({ code: 422, status: 422, error: { field: 'Idempotency-Key' } })
    expect(await post(changes, 'k2')).toMatchObject({ code: 409, error: { field: 'cluster.name' } })
    const { payload } = await here.api.call<{ clusters: unknown[] }>('GET', '/api/clusters')
    expect(payload.clusters).toHaveLength(1)
    await here.terminated(first.payload.id)
  },
  PATIENCE_MS,
)

test(
  'what is refused under a key may be asked again under it, mended',
  async () => {
    const post = (changes: object) =>
      here.api.call<{ id: string }>('POST', '/api/clusters', createRequest({ ...here.small(), ...changes }), { 'idempotency-key': 'k3' })
    expect((await post({ name: '' })).code).toBe(400)
    const { code, payload } = await post({})
    expect(code).toBe(202)
    await here.terminated(payload.id)
  },
  PATIENCE_MS,
)
