import { rmSync } from 'node:fs'
import { contentDirectory } from '../../../../local/cloud/container-registry/open-registries.ts'
import { OCI_INDEX, OCI_MANIFEST, type RegistryWorld, registryClient, registryWorld, sha256 } from './registry-world.ts'

let world: RegistryWorld
beforeAll(async () => {
  world = await registryWorld()
})
afterAll(() => world.stop())

test('an image comes back as it was pushed, by tag and by digest', async () => {
  const digest = await world.push('library/app', 'v1')
  const byTag = await world.send('GET', '/v2/library/app/manifests/v1')
  expect([byTag.status, byTag.headers['docker-content-digest'], byTag.headers['content-type']]).toEqual([200, digest, OCI_MANIFEST])
  expect(sha256(byTag.bytes)).toBe(digest)
  expect((await world.send('GET', `/v2/library/app/manifests/${digest}`)).bytes).toEqual(byTag.bytes)
  const head = await world.send('HEAD', '/v2/library/app/manifests/v1')
  expect([head.status, head.headers['docker-content-digest'], head.bytes.length]).toEqual([200, digest, 0])
  const [layer] = byTag.body.layers
  const blob = await world.send('GET', `/v2/library/app/blobs/${layer.digest}`)
  expect([blob.status, blob.bytes.toString()]).toEqual([200, 'layer of v1'])
  const part = await world.send('GET', `/v2/library/app/blobs/${layer.digest}`, { headers: { Range: 'bytes=0-4' } })
  expect([part.status, part.bytes.toString(), part.headers['content-range']]).toEqual([206, 'layer', 'bytes 0-4/11'])
  expect((await world.send('HEAD', `/v2/library/app/blobs/${layer.digest}`)).headers['content-length']).toBe('11')
})

test('a layer is uploaded in pieces', async () => {
  const started = await world.send('POST', '/v2/pieces/blobs/uploads/')
  expect(started.status).toBe(202)
  const location = String(started.headers.location)
  const first = await world.send('PATCH', location, { body: 'hello ' })
  expect([first.status, first.headers.range]).toEqual([202, '0-5'])
  expect((await world.send('PATCH', location, { body: 'world', headers: { 'Content-Range': '3-7' } })).status).toBe(416)
  expect((await world.send('PATCH', location, { body: 'wor', headers: { 'Content-Range': '6-8' } })).headers.range).toBe('0-8')
  expect((await world.send('GET', location)).headers.range).toBe('0-8')
  const digest = sha256('hello world')
  const done = await world.send('PUT', `${location}?digest=${digest}`, { body: 'ld' })
  expect([done.status, done.headers['docker-content-digest']]).toEqual([201, digest])
  expect((await world.send('GET', `/v2/pieces/blobs/${digest}`)).bytes.toString()).toBe('hello world')
  expect((await world.send('GET', location)).body.errors[0].code).toBe('BLOB_UPLOAD_UNKNOWN')
})

test('a layer of another repository is mounted, not sent again; without the mount it is unknown', async () => {
  const { digest } = await world.pushBlob('source', 'shared layer')
  expect((await world.send('GET', `/v2/target/blobs/${digest}`)).body.errors[0].code).toBe('BLOB_UNKNOWN')
  expect((await world.send('POST', `/v2/target/blobs/uploads/?mount=${digest}&from=source`)).status).toBe(201)
  expect((await world.send('GET', `/v2/target/blobs/${digest}`)).bytes.toString()).toBe('shared layer')
  const missing = await world.send('POST', `/v2/target/blobs/uploads/?mount=${sha256('missing')}&from=source`)
  expect(missing.status).toBe(202)
  expect((await world.send('DELETE', String(missing.headers.location))).status).toBe(204)
})

test('what does not fit its digest, lacks its parts, is too large or no manifest is refused', async () => {
  const wrong = await world.send('POST', `/v2/strict/blobs/uploads/?digest=${sha256('a')}`, { body: 'b' })
  expect([wrong.status, wrong.body.errors[0].code]).toEqual([400, 'DIGEST_INVALID'])
  const put = (reference: string, body: object | string, type = OCI_MANIFEST) =>
    world.send('PUT', `/v2/strict/manifests/${reference}`, { body, headers: { 'Content-Type': type } })
  const layers = [{ mediaType: 'x', digest: sha256('nowhere'), size: 1 }]
  const incomplete = await put('v1', { schemaVersion: 2, mediaType: OCI_MANIFEST, layers })
  expect([incomplete.status, incomplete.body.errors[0].code]).toEqual([404, 'MANIFEST_BLOB_UNKNOWN'])
  expect((await put(sha256('other'), { schemaVersion: 2 })).body.errors[0].code).toBe('DIGEST_INVALID')
  expect((await put('v1', 'no json')).body.errors[0].code).toBe('MANIFEST_INVALID')
  expect((await put('v1', { schemaVersion: 2 }, 'text/plain')).body.errors[0].code).toBe('MANIFEST_INVALID')
  expect((await put('v1', 'x'.repeat(4 * 1024 * 1024 + 1))).status).toBe(413)
  expect((await put('-v1', { schemaVersion: 2, layers: [] })).body.errors[0].code).toBe('TAG_INVALID')
  expect((await world.send('GET', '/v2/UPPER/manifests/v1')).body.errors[0].code).toBe('NAME_INVALID')
  const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: layers }
  expect((await put('v1', index, OCI_INDEX)).body.errors[0].code).toBe('MANIFEST_UNKNOWN')
})

test('what was acknowledged is there after a crash, bytes and all', async () => {
  const own = await registryWorld()
  const digest = await own.push('kept', 'v1')
  const directory = contentDirectory(own.cloud.azure)
  await own.cloud.kill()
  const cloud = await own.cloud.restart()
  const again = registryClient(cloud.url, own.name, own.admin)
  expect(sha256((await again.send('GET', '/v2/kept/manifests/v1')).bytes)).toBe(digest)
  await again.push('kept', 'v2')
  expect((await again.send('GET', '/acr/v1/kept')).body).toMatchObject({ manifestCount: 2, tagCount: 2 })
  await cloud.stop()
  rmSync(directory, { recursive: true, force: true })
})
