import { OCI_INDEX, OCI_MANIFEST, type RegistryWorld, registryWorld } from './registry-world.ts'

let world: RegistryWorld
beforeAll(async () => {
  world = await registryWorld()
})
afterAll(() => world.stop())

const statusOf = async (method: string, path: string) => {
  const { status, body } = await world.send(method, path)
  return [status, body?.errors?.[0]?.code]
}
const change = (path: string, body: object) => world.send('PATCH', `/acr/v1/${path}`, { body })

test('a manifest deleted by digest takes its tags along; a second time it is not found', async () => {
  await world.push('app', 'other')
  const digest = await world.push('app', 'v1')
  await world.push('app', 'v1-again', { layer: 'layer of v1' })
  const deleted = await world.send('DELETE', `/v2/app/manifests/${digest}`)
  expect([deleted.status, deleted.bytes.length]).toEqual([202, 0])
  expect(deleted.headers['x-ms-ratelimit-remaining-calls-per-second']).toMatch(/^8\.000000$/)
  expect((await world.send('GET', '/v2/app/tags/list')).body.tags).toEqual(['other'])
  expect(await statusOf('DELETE', `/v2/app/manifests/${digest}`)).toEqual([404, 'MANIFEST_UNKNOWN'])
  expect(await statusOf('DELETE', '/v2/app/manifests/other')).toEqual([405, 'UNSUPPORTED'])
})

test('with the last manifest the repository is gone', async () => {
  const digest = await world.push('fleeting', 'v1')
  await world.send('DELETE', `/v2/fleeting/manifests/${digest}`)
  expect(await statusOf('GET', '/acr/v1/fleeting')).toEqual([404, 'NAME_UNKNOWN'])
  expect(await statusOf('DELETE', `/v2/fleeting/manifests/${digest}`)).toEqual([404, 'NAME_UNKNOWN'])
})

test('the children of an index are not protected: the index can no longer be pulled whole', async () => {
  const child = await world.push('multi', undefined, { layer: 'platform' })
  await world.push('multi', 'v1', { mediaType: OCI_INDEX, body: { manifests: [{ mediaType: OCI_MANIFEST, digest: child, size: 1 }] } })
  expect(await statusOf('DELETE', `/v2/multi/manifests/${child}`)).toEqual([202, undefined])
  expect(await statusOf('GET', '/v2/multi/manifests/v1')).toEqual([200, undefined])
  expect(await statusOf('GET', `/v2/multi/manifests/${child}`)).toEqual([404, 'MANIFEST_UNKNOWN'])
})

test('with an image goes all that is attached to it, and what is attached to that, except for what is locked', async () => {
  await world.push('attached', 'other')
  const image = await world.push('attached', 'v1')
  const signature = await world.push('attached', 'signature', { layer: 'signature', subject: image })
  const ofSignature = await world.push('attached', undefined, { layer: 'of the signature', subject: signature })
  const locked = await world.push('attached', undefined, { layer: 'locked', subject: image })
  await change(`attached/_manifests/${locked}`, { deleteEnabled: false })
  await world.send('DELETE', `/v2/attached/manifests/${image}`)
  for (const digest of [image, signature, ofSignature]) expect((await statusOf('GET', `/v2/attached/manifests/${digest}`))[0]).toBe(404)
  expect((await statusOf('GET', `/v2/attached/manifests/${locked}`))[0]).toBe(200)
})

test.each([{ deleteEnabled: false }, { writeEnabled: false }])('what is locked by %j stays, until it is unlocked', async (lock) => {
  const digest = await world.push('locked', 'v1')
  const changed = await change(`locked/_manifests/${digest}`, lock)
  expect(changed.body.manifest.changeableAttributes).toMatchObject(lock)
  expect(await statusOf('DELETE', `/v2/locked/manifests/${digest}`)).toEqual([405, 'REGISTRY_DISALLOWED_OPERATION'])
  expect((await statusOf('DELETE', '/acr/v1/locked'))[0]).toBe(405)
  await change(`locked/_manifests/${digest}`, { deleteEnabled: true, writeEnabled: true })
  await change('locked', lock)
  expect((await statusOf('DELETE', `/v2/locked/manifests/${digest}`))[0]).toBe(405)
  await change('locked', { deleteEnabled: true, writeEnabled: true })
  expect((await statusOf('DELETE', `/v2/locked/manifests/${digest}`))[0]).toBe(202)
})

test('a locked tag is not deleted and does not move, but goes with its manifest', async () => {
  const digest = await world.push('tags', 'v1', { layer: 'one' })
  await change('tags/_tags/v1', { deleteEnabled: false, writeEnabled: false })
  expect(await statusOf('DELETE', '/acr/v1/tags/_tags/v1')).toEqual([405, 'REGISTRY_DISALLOWED_OPERATION'])
  await expect(world.push('tags', 'v1', { layer: 'two' })).rejects.toThrow('REGISTRY_DISALLOWED_OPERATION')
  expect((await world.send('GET', '/acr/v1/tags')).body.manifestCount).toBe(1)
  expect((await statusOf('DELETE', `/v2/tags/manifests/${digest}`))[0]).toBe(202)
  await world.push('tags', 'v2')
  expect((await statusOf('DELETE', '/acr/v1/tags/_tags/v2'))[0]).toBe(202)
  expect((await world.send('GET', '/acr/v1/tags')).body).toMatchObject({ manifestCount: 1, tagCount: 0 })
})

test('what may not be read is not pulled, what may not be listed is not listed', async () => {
  const digest = await world.push('hidden', 'v1')
  await change(`hidden/_manifests/${digest}`, { readEnabled: false, listEnabled: false })
  expect((await statusOf('GET', '/v2/hidden/manifests/v1'))[0]).toBe(405)
  expect((await world.send('GET', '/acr/v1/hidden/_manifests')).body.manifests).toBeNull()
  expect((await change('hidden', { unknown: true })).status).toBe(400)
})

test('a repository deleted as a whole says what went', async () => {
  const digest = await world.push('whole', 'v1')
  const { status, body } = await world.send('DELETE', '/acr/v1/whole')
  expect([status, body]).toEqual([202, { manifestsDeleted: [digest], tagsDeleted: ['v1'] }])
  expect((await statusOf('DELETE', '/acr/v1/whole'))[0]).toBe(404)
})
