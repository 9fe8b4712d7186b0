import type { FakeClock } from '../../../../local/clock.ts'
import { DAY, DOCKER_MANIFEST, OCI_MANIFEST, type RegistryWorld, standingRegistryWorld } from './registry-world.ts'

let world: RegistryWorld
let clock: FakeClock
beforeEach(async () => {
  ;({ world, clock } = await standingRegistryWorld({ sku: 'Premium' }))
})
afterEach(() => world.stop())

const policy = (retentionPolicy: object) => world.arm('PATCH', '', { properties: { policies: { retentionPolicy } } })
const untag = (tag: string) => world.send('DELETE', `/acr/v1/app/_tags/${tag}`)
const push = (tag: string, mediaType = DOCKER_MANIFEST) => world.push('app', tag, { mediaType })
const has = async (digest: string) => (await world.send('GET', `/acr/v1/app/_manifests/${digest}`)).status === 200

test('the policy deletes an image its days after it was untagged, not after it was pushed', async () => {
  await policy({ days: 7, status: 'enabled' })
  await push('kept')
  const digest = await push('v1')
  clock.advance(30 * DAY)
  await untag('v1')
  clock.advance(6.9 * DAY)
  expect(await has(digest)).toBe(true)
  clock.advance(0.2 * DAY)
  expect(await has(digest)).toBe(false)
  expect((await world.send('GET', '/acr/v1/app')).body.manifestCount).toBe(1)
})

test('the policy leaves what it has always left: OCI types, old untagged images, what was tagged again, what is locked', async () => {
  const before = await push('before')
  await untag('before')
  await policy({ days: 1, status: 'enabled' })
  const oci = await push('oci', OCI_MANIFEST)
  const again = await push('again')
  const locked = await push('locked')
  for (const tag of ['oci', 'again', 'locked']) await untag(tag)
  await push('again')
  await world.send('PATCH', `/acr/v1/app/_manifests/${locked}`, { body: { deleteEnabled: false } })
  clock.advance(5 * DAY)
  for (const digest of [before, oci, again, locked]) expect(await has(digest)).toBe(true)
})

test('a policy that is switched off deletes nothing more', async () => {
  await policy({ days: 1, status: 'enabled' })
  const digest = await push('v1')
  await untag('v1')
  await policy({ status: 'disabled' })
  clock.advance(5 * DAY)
  expect(await has(digest)).toBe(true)
})
