import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RegistryWorld, registryWorld, sha256 } from './registry-world.ts'
import { requireSkopeo, type Skopeo, skopeoWith, writeOciLayout } from './skopeo.ts'

let world: RegistryWorld
let home: string
let skopeo: Skopeo
const server = 'docker://testregistry.azurecr.io'

beforeAll(async () => {
  requireSkopeo()
  world = await registryWorld({ cloud: { tlsPort: 0 } })
  home = mkdtempSync(join(tmpdir(), 'slipway-skopeo-'))
  const { body } = await world.arm('POST', '/listCredentials')
  const { caPath = '', url } = world.cloud
  skopeo = skopeoWith({ proxy: url, caPath, home, user: body.username, password: body.passwords[0].value })
}, 300_000)
afterAll(async () => {
  await world?.stop()
  if (home) rmSync(home, { recursive: true, force: true })
})

test('skopeo pushes an image over TLS, copies it between repositories and pulls it back as it was', async () => {
  const digest = writeOciLayout(join(home, 'made'))
  await skopeo.copy(`oci:${home}/made:v1`, `${server}/team/app:v1`)
  expect(sha256(await skopeo.inspect(`${server}/team/app:v1`))).toBe(digest)
  const { body } = await world.send('GET', `/acr/v1/team%2Fapp/_manifests/${digest}`)
  expect(body.manifest).toMatchObject({ tags: ['v1'], architecture: 'amd64', os: 'linux' })

  await skopeo.copy(`${server}/team/app:v1`, `${server}/team/copy:v2`)
  mkdirSync(join(home, 'pulled'))
  await skopeo.copy(`${server}/team/copy@${digest}`, `oci:${home}/pulled:v2`)
  const index = JSON.parse(readFileSync(join(home, 'pulled', 'index.json'), 'utf8'))
  expect(index.manifests[0].digest).toBe(digest)
})

test('skopeo pulls what was seeded: indexes with their platforms, in both formats', async () => {
  const groups = [
    { tag: 'oci', platforms: 2 },
    { tag: 'docker', platforms: 2, format: 'docker' },
  ]
  await world.send('POST', '/_slipway/seed', { body: { repositories: [{ name: 'seeded', groups }] } })
  await skopeo.copy(`${server}/seeded:oci0`, `${server}/pulled:oci`)
  await skopeo.copy(`${server}/seeded:docker0`, `${server}/pulled:docker`)
  expect((await world.send('GET', '/acr/v1/pulled')).body).toMatchObject({ manifestCount: 6, tagCount: 2 })
})

test('skopeo no longer pulls an index whose child was deleted', async () => {
  await world.send('POST', '/_slipway/seed', { body: { repositories: [{ name: 'broken', groups: [{ tag: 'v', platforms: 2 }] }] } })
  const index = JSON.parse(await skopeo.inspect(`${server}/broken:v0`))
  await world.send('DELETE', `/v2/broken/manifests/${index.manifests[0].digest}`)
  await expect(skopeo.copy(`${server}/broken:v0`, `oci:${home}/broken:v0`)).rejects.toThrow('manifest')
})
