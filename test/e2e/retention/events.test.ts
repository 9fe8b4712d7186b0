import { until } from '../../until.ts'
import { atOnce, everything, type ReportLine, type RetentionWorld, type RunShown, retentionWorld } from './retention-world.ts'

let world: RetentionWorld
beforeAll(async () => {
  world = await retentionWorld()
}, 300_000)
afterAll(() => world?.end())

const API = 'api-version=2025-02-15'

/** Sends the events of a registry, a group or a subscription to the app, as its deployment sets it up. */
async function subscribe(scope: string, eventDeliverySchema: string): Promise<void> {
  const path = `${scope}/providers/Microsoft.EventGrid/eventSubscriptions/slipway?${API}`
  const endpointUrl = `${world.host.url}/runtime/webhooks/eventgrid?functionName=registry-events&code=any`
  const destination = { endpointType: 'WebHook', properties: { endpointUrl } }
  expect((await world.arm('PUT', path, { properties: { destination, eventDeliverySchema } })).status).toBe(201)
  await until(async () => JSON.stringify((await world.arm('GET', path)).body).includes('"provisioningState":"Succeeded"'))
}

/** A minute goes by. */
async function tick(): Promise<void> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
  expect((await fetch(`${world.host.url}/admin/functions/retention-timer`, init)).status).toBe(202)
}

const seconds = () => Math.floor(Date.now() / 1000)

describe.each(['EventGridSchema', 'CloudEventSchemaV1_0'])('with events in %s', (schema) => {
  test('the days of an image that latest has left begin at the push that took it, long before the next scan', async () => {
    const registry = await world.registry(schema.slice(0, 9).toLowerCase(), {
      policy: { ...atOnce, rules: [{ ...everything, untaggedDays: 7 }] },
    })
    const skopeo = world.skopeo(registry)
    const image = (reference: string) => `docker://${registry.name}.azurecr.io/${reference}`
    await registry.seed('source', { tag: 'v', count: 2 })
    await skopeo.copy(image('source:v0'), image('app:latest'))
    const [first = ''] = await registry.digests('app')
    await registry.run()
    await subscribe(registry.armId, schema)
    // Every event comes twice.
    world.cloud.setFaults({ rules: [{ match: { operation: 'Microsoft.EventGrid/deliver' }, fault: 'duplicate' }] })

    const before = seconds()
    await skopeo.copy(image('source:v1'), image('app:latest'))
    const after = seconds()
    await until(() => seconds() > after + 1)
    const runs = async () =>
      (await world.api.call<{ runs: readonly RunShown[] }>('GET', `/api/registries/${registry.id}/runs`)).payload.runs
    const run = await until(async () => {
      await tick()
      // One that comes while another is at work is taken back before it begins.
      return (await runs()).find(({ trigger, state }) => trigger === 'event' && state !== 'pending')
    })
    world.cloud.setFaults({ rules: [] })
    expect(await registry.ended(run.id)).toMatchObject({ state: 'succeeded', totals: { repositories: 1, listed: 2 } })
    const [left] = (await registry.report(run.id)) as readonly [ReportLine]
    expect(left).toMatchObject({ repository: 'app', digest: first, decision: 'keep', reason: 'waiting' })
    expect(left.untaggedSince).toBeGreaterThanOrEqual(before)
    expect(left.untaggedSince).toBeLessThanOrEqual(after)
    expect(run.createdOn).toBeGreaterThan(after)
    // What was told is done with, however often it was told.
    await tick()
    expect((await runs()).filter(({ trigger }) => trigger === 'event')).toHaveLength(1)
  })
})

test('a registry that is made with the tag is adopted by itself, and retired when its resource group is deleted', async () => {
  const group = `/subscriptions/${world.cloud.landingZone.subscriptionId}/resourceGroups/doomed`
  await subscribe(`/subscriptions/${world.cloud.landingZone.subscriptionId}`, 'EventGridSchema')
  await world.arm('PUT', `${group}?api-version=2021-04-01`, { location: 'northeurope' })
  await world.made('doomed', { group: 'doomed', tags: { 'slipway-retention': 'true' } })
  type Shown = { readonly name: string; readonly retiredOn?: number; readonly policy: { readonly mode: string } }
  const shown = async () =>
    (await world.api.call<{ registries: readonly Shown[] }>('GET', '/api/registries')).payload.registries.find(
      ({ name }) => name === 'doomed',
    )
  // The event that came before the roles is delivered again.
  expect(await until(shown)).toMatchObject({ policy: { mode: 'preview' } })
  await world.arm('DELETE', `${group}?api-version=2021-04-01`)
  await until(async () => (await shown())?.retiredOn)
})
