import { PATIENCE_MS } from '../journeys/stage.ts'
import { acceptance } from './acceptance.ts'
import { clusters, instanceType, instanceTypes, nodeTypes, version } from './data-sources.ts'
import { providerClient } from './provider-client.ts'

const { cluster, here } = acceptance()

test('a key that is not known is told so in words', async () => {
  const stranger = providerClient({ url: here.world.host.url, key: 'wrong' })
  await expect(clusters(stranger)).rejects.toThrow(
    /API token provided does not have access.*The API key is missing, wrong, revoked or expired/,
  )
})

test.each(nodeTypes)('there are sizes for a node of type %s, in the region and without one', async (nodeType) => {
  const types = await instanceTypes(here.client, nodeType, 'northeurope')
  expect(types.length).toBeGreaterThan(10)
  for (const type of types) expect(type).toMatchObject({ id: expect.stringMatching(/^Standard_/) })
  expect(await instanceTypes(here.client, nodeType)).toEqual(types)
})

test('the smallest size that suffices is chosen, with NVMe disks only where they are wanted', async () => {
  const { client } = here
  expect(await instanceType(client, { nodeType: 'worker', minCpus: 7, minMemoryGb: 40 })).toMatch(/^Standard_E8/)
  expect(await instanceType(client, { nodeType: 'worker', minCpus: 8, withNvme: true })).toMatch(/^Standard_L8/)
  const [smallest] = await instanceTypes(client, 'head')
  expect(await instanceType(client, { nodeType: 'head', minCpus: 100_000 })).toBe(smallest?.id)
})

test('the newest version comes last, and each names the one that it can be reached from', async () => {
  const { client } = here
  const newest = await version(client)
  expect(newest).toMatchObject({ version: '3.9.0', default: true, experimental: false, releaseNotesUrl: expect.stringMatching(/^https:/) })
  expect((await version(client, { upgradeableFrom: '3.7.0' })).version).toBe('3.8.0')
  expect((await version(client, { os: 'ubuntu', region: 'northeurope' })).version).toBe('3.9.0')
  await expect(version(client, { os: 'centos', region: 'northeurope' })).rejects.toThrow('no version')
  expect((await client.versions()).filter((one) => one.default)).toHaveLength(1)
})

test(
  'a cluster is listed until it is destroyed, and among those of its cloud only',
  async () => {
    const { client } = here
    const ids = async (cloud?: 'AWS' | 'AZURE' | 'GCP') => (await clusters(client, cloud)).map(({ id }) => id)
    expect(await ids()).toEqual([])
    const [resource, block] = cluster()
    const { id } = await resource.apply(block)
    expect(await clusters(client)).toEqual([await client.cluster(id)])
    expect([await ids('AZURE'), await ids('AWS'), await ids('GCP')]).toEqual([[id], [], []])
    await here.destroyed(resource)
    expect(await ids()).toEqual([])
  },
  PATIENCE_MS,
)
