import { rmSync } from 'node:fs'
import { contentDirectory } from '../../../../local/cloud/container-registry/open-registries.ts'
import { type RegistryWorld, registryClient, registryWorld, sha256 } from './registry-world.ts'

let world: RegistryWorld
let directory: string
beforeAll(async () => {
  world = await registryWorld()
  directory = contentDirectory(world.cloud.azure)
})
afterAll(async () => {
  await world.cloud.stop()
  rmSync(directory, { recursive: true, force: true })
})

test('a registry is filled with images of any kind and age', async () => {
  const groups = [
    { count: 3, tag: 'v', platforms: 2, age: 10 },
    { count: 4, format: 'docker', age: 20 },
    { count: 1, tag: 'signed', signatures: 1 },
    { count: 1, locked: true },
  ]
  const seeded = await world.send('POST', '/_slipway/seed', { body: { repositories: [{ name: 'mixed', groups }] } })
  expect(seeded.body).toEqual({ repositories: [{ name: 'mixed', manifests: 16 }] })
  const { manifests } = (await world.send('GET', '/acr/v1/mixed/_manifests?n=1000')).body
  expect(manifests).toHaveLength(16)
  const days = (manifest: { createdTime: string }) => Math.round((Date.now() - Date.parse(manifest.createdTime)) / 86_400_000)
  expect(manifests.filter((manifest: { createdTime: string }) => days(manifest) === 20)).toHaveLength(4)
  for (const { digest } of manifests) expect(sha256((await world.send('GET', `/v2/mixed/manifests/${digest}`)).bytes)).toBe(digest)
  const signed = (await world.send('GET', '/acr/v1/mixed/_tags/signed0')).body.tag.digest
  expect((await world.send('GET', `/v2/mixed/referrers/${signed}`)).body.manifests).toHaveLength(1)
  expect((await world.send('POST', '/_slipway/seed', { body: { repositories: [] } })).status).toBe(400)
})

test('what a real registry has now and then can be had: bodies that are not found, types that are not told', async () => {
  const groups = [{ ghost: true }, { mediaType: '' }, { mediaType: 'application/vnd.example+json' }]
  for (const [index, group] of groups.entries())
    await world.send('POST', '/_slipway/seed', { body: { repositories: [{ name: `odd/${index}`, groups: [group] }] } })
  const only = async (index: number) => (await world.send('GET', `/acr/v1/odd/${index}/_manifests`)).body.manifests[0]
  const ghost = await only(0)
  expect((await world.send('GET', `/v2/odd/0/manifests/${ghost.digest}`)).status).toBe(404)
  expect((await world.send('DELETE', `/v2/odd/0/manifests/${ghost.digest}`)).status).toBe(202)
  expect(await only(1)).not.toHaveProperty('mediaType')
  expect(await only(2)).toMatchObject({ mediaType: 'application/vnd.example+json' })
})

test('a hundred thousand manifests are listed in pages, and survive a crash', async () => {
  const repositories = Array.from({ length: 20 }, (_, index) => ({ name: `large/r${index}`, groups: [{ count: 5_000 }] }))
  await world.send('POST', '/_slipway/seed', { body: { repositories } })
  await world.cloud.kill()
  const cloud = await world.cloud.restart()
  const again = registryClient(cloud.url, world.name, world.admin)
  expect((await again.send('GET', '/acr/v1/large/r19')).body.manifestCount).toBe(5_000)
  let last = ''
  let listed = 0
  for (;;) {
    const { body, headers } = await again.send('GET', `/acr/v1/large/r0/_manifests?n=1000&last=${last}`)
    listed += body.manifests.length
    if (!headers.link) break
    last = body.manifests.at(-1).digest
  }
  expect(listed).toBe(5_000)
  await cloud.stop()
})
