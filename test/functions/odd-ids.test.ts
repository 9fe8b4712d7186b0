import { featureEndpoints } from '../../functions/endpoints.ts'
import { openApi } from '../../shared/docs/openapi.ts'
import { newKey } from '../../shared/keys/key.ts'
import type { Orchestrations } from '../../shared/operations/orchestrations.ts'
import { testServices } from '../services.ts'
import { frontDoorClient } from '../shared/http/front-door-client.ts'

const key = newKey()
const services = testServices({ SLIPWAY_FIRST_KEY: key })
const ask = frontDoorClient(services, undefined, () => ({}) as Orchestrations)

interface Parameter {
  readonly name: string
  readonly in: string
}
const { paths } = openApi(featureEndpoints, '1.2.3') as unknown as {
  readonly paths: Record<string, Record<string, { readonly operationId: string; readonly parameters: readonly Parameter[] }>>
}
const described = new Map(
  Object.values(paths)
    .flatMap((methods) => Object.values(methods))
    .map(({ operationId, parameters }) => [operationId, parameters]),
)

/** One that needs a body is refused for the lack of it, whatever else is wrong. */
const given = featureEndpoints
  .filter(({ role, request }) => role !== 'none' && role !== 'agent' && (!request || request.safeParse({}).success))
  .flatMap((endpoint) => (described.get(endpoint.name) ?? []).map((parameter) => ({ endpoint, parameter })))
  .filter(({ parameter }) => parameter.in === 'path' || parameter.in === 'query')

test('text that can be no id, and no key of a row either, is refused and never taken for an outage', async () => {
  expect(given.length).toBeGreaterThan(80)
  const bad: unknown[] = []
  for (const { endpoint, parameter } of given) {
    const others = (described.get(endpoint.name) ?? []).filter((one) => one.in === 'path').map(({ name }) => [name, '0'.repeat(16)])
    const odd = { [parameter.name]: 'a/b#c' }
    const params = { ...Object.fromEntries(others), ...(parameter.in === 'path' && odd) }
    const query = parameter.in === 'query' ? odd : {}
    const { status } = await ask(endpoint, { params, query, headers: { 'x-api-key': key }, ...(endpoint.request && { body: {} }) })
    // A filter may fit nothing.
    const fine = parameter.in === 'path' ? [400, 404] : [200, 400, 404]
    if (!fine.includes(status)) bad.push([endpoint.name, parameter.name, status])
  }
  expect(bad).toEqual([])
})
