import { appendFileSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fakeClock } from '../../../local/clock.ts'
import { widgetProvider } from './arm/widgets.ts'
import { type TestCloud, testCloud } from './sdk.ts'

describe('a simulated Azure that was killed', () => {
  const clock = fakeClock(Date.now())
  let cloud: TestCloud
  beforeEach(async () => {
    cloud = await testCloud({ providers: [widgetProvider], clock })
  })
  afterEach(() => cloud.stop())

  const path = (name: string) =>
    `/subscriptions/${cloud.landingZone.subscriptionId}/resourceGroups/slipway/providers/Microsoft.Widgets/widgets/${name}?api-version=2024-01-01`
  const put = (name: string, properties = {}) => cloud.send('PUT', path(name), { location: 'northeurope', properties })
  const get = async (name: string) => (await cloud.send('GET', path(name))).body

  it('still has everything that it acknowledged', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => put(`w${index}`)))
    await cloud.kill()
    cloud = await cloud.restart()
    for (let index = 0; index < 20; index += 1) expect((await get(`w${index}`)).name).toBe(`w${index}`)
  })

  it('goes on with operations that were under way', async () => {
    const made = await put('slow', { slow: true })
    await cloud.kill()
    cloud = await cloud.restart()
    expect((await get('slow')).properties.provisioningState).toBe('Creating')
    clock.advance(60_000)
    expect((await get('slow')).properties).toEqual({ speed: 1, finished: true, provisioningState: 'Succeeded' })
    const operation = new URL(made.headers.get('azure-asyncoperation') ?? '')
    expect((await cloud.send('GET', operation.pathname + operation.search)).body.status).toBe('Succeeded')
  })

  it('starts past a line that was being written, and writes on', async () => {
    await put('whole')
    await cloud.kill()
    appendFileSync(join(cloud.dataDir, 'journal.jsonl'), '[["resource:microsoft.widgets/widgets","torn')
    cloud = await cloud.restart()
    await put('later')
    await cloud.kill()
    cloud = await cloud.restart()
    expect([(await get('whole')).name, (await get('later')).name]).toEqual(['whole', 'later'])
  })

  it('gives out no id twice', async () => {
    const requestIdOf = async (name: string) => (await put(name)).headers.get('x-ms-request-id')
    const firstIds = new Set<string | null>()
    for (let start = 0; start < 3; start += 1) {
      await cloud.kill()
      cloud = await cloud.restart()
      firstIds.add(await requestIdOf('x'))
    }
    expect(firstIds.size).toBe(3)
  })

  it('keeps its tokens valid and its secrets to itself', async () => {
    const { token } = await cloud.owner.getToken('https://management.azure.com/.default')
    await cloud.kill()
    cloud = await cloud.restart()
    expect((await cloud.request('GET', '/subscriptions?api-version=2022-12-01', { token })).status).toBe(200)
    for (const file of ['landing-zone.json', 'journal.jsonl', 'token-signing-key.pem'])
      expect(statSync(join(cloud.dataDir, file)).mode & 0o077).toBe(0)
    expect(readFileSync(join(cloud.dataDir, 'journal.jsonl'), 'utf8')).not.toContain(cloud.landingZone.you.clientSecret)
  })
})
