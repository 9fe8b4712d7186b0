import { type ClusterWorld, clusterWorld } from '../../cluster-world.ts'
import { sentRequest } from '../../shared/clusters/drafts.ts'
import { until } from '../../until.ts'
import { documentedBy } from '../documented.ts'

let world: ClusterWorld
beforeAll(async () => {
  world = await clusterWorld()
}, 60_000)
afterAll(() => world?.end())

async function ask(method: string, target: string, body?: unknown) {
  const headers = { 'x-api-key': world.api.key }
  const response = await fetch(`${world.host.url}${target}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

test("a cluster's answers are what the OpenAPI page says, through its life", async () => {
  const isDocumented = documentedBy((await ask('GET', '/api/openapi.json')).text)
  const see = async (method: string, target: string, body?: unknown) => {
    const answer = await ask(method, target, body)
    isDocumented(method, target, answer)
    expect(answer.status).toBeLessThan(300)
    return { ...JSON.parse(answer.text).payload, headers: answer.headers }
  }

  await see('POST', '/api/clusters?dryRun=true', sentRequest())
  const { id, operation, headers } = await see('POST', '/api/clusters', sentRequest())
  expect(headers.get('operation-location')).toBe(`/api/operations/${operation}`)
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  await see('GET', `/api/clusters/${id}`)
  await see('GET', `/api/operations/${operation}`)
  await until(async () => (await see('GET', `/api/clusters/${id}`)).cluster.state === 'running')
  await see('GET', '/api/clusters')
  await see('GET', `/api/clusters/${id}/operations`)
  await see('GET', `/api/operations/${operation}`)
  await see('GET', `/api/clusters/${id}/credentials`)
  await see('PUT', `/api/clusters/${id}/stop?dryRun=true`)
  await see('DELETE', `/api/clusters/${id}?dryRun=true`)
  await see('DELETE', `/api/clusters/${id}`)
}, 60_000)
