import type { TokenCredential } from '@azure/core-auth'
import { BlobServiceClient, type ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import { blobHttpClient } from './blob-http-client.ts'
import { ACCOUNT, type StorageWorld, storageWorld } from './storage-client.ts'

let world: StorageWorld
let container: ContainerClient
beforeAll(async () => {
  world = await storageWorld()
  container = world.blobs().getContainerClient('data')
  await container.create({ metadata: { cluster: 'one' } })
})
afterAll(() => world.cloud.stop())

async function names(client: ContainerClient, options?: { prefix?: string }): Promise<string[]> {
  const found: string[] = []
  for await (const { name } of client.listBlobsFlat(options)) found.push(name)
  return found
}

test('a container shows its properties and is not made twice', async () => {
  expect(await container.getProperties()).toMatchObject({
    metadata: { cluster: 'one' },
    leaseState: 'available',
    etag: expect.stringMatching(/^"0x/),
  })
  await expect(container.create()).rejects.toMatchObject({ statusCode: 409, code: 'ContainerAlreadyExists' })
  expect((await container.createIfNotExists()).succeeded).toBe(false)
  await expect(world.blobs().getContainerClient('absent').getProperties()).rejects.toMatchObject({ statusCode: 404 })
})

test('a blob comes back as it was put, whole or a part of it', async () => {
  const blob = container.getBlockBlobClient('folder/über & <co>.txt')
  await blob.upload('hello world', 11, { blobHTTPHeaders: { blobContentType: 'text/plain' }, metadata: { kind: 'greeting' } })
  expect((await blob.downloadToBuffer()).toString()).toBe('hello world')
  expect((await blob.downloadToBuffer(6, 5)).toString()).toBe('world')
  expect(await blob.getProperties()).toMatchObject({
    contentLength: 11,
    contentType: 'text/plain',
    metadata: { kind: 'greeting' },
    blobType: 'BlockBlob',
  })
  expect(await names(container, { prefix: 'folder/' })).toEqual(['folder/über & <co>.txt'])
  await blob.delete()
  expect(await blob.exists()).toBe(false)
  await expect(blob.delete()).rejects.toMatchObject({ statusCode: 404, code: 'BlobNotFound' })
})

test('an empty blob can be put and read', async () => {
  const blob = container.getBlockBlobClient('empty')
  await blob.upload('', 0)
  expect(await blob.downloadToBuffer()).toHaveLength(0)
  await blob.delete()
})

test('blobs are listed in pages, in order', async () => {
  const listed = world.blobs().getContainerClient('listed')
  await listed.create()
  expect(await names(listed)).toEqual([])
  for (const name of ['c', 'a', 'e', 'b', 'd']) await listed.uploadBlockBlob(name, name, 1)
  const pages: string[][] = []
  for await (const page of listed.listBlobsFlat().byPage({ maxPageSize: 2 })) pages.push(page.segment.blobItems.map(({ name }) => name))
  expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']])
  const containers: string[] = []
  for await (const { name } of world.blobs().listContainers({ prefix: 'li' })) containers.push(name)
  expect(containers).toEqual(['listed'])
})

test('two writers never both win', async () => {
  const blob = container.getBlockBlobClient('claim')
  const { etag = '' } = await blob.upload('one', 3, { conditions: { ifNoneMatch: '*' } })
  await expect(blob.upload('two', 3, { conditions: { ifNoneMatch: '*' } })).rejects.toMatchObject({
    statusCode: 409,
    code: 'BlobAlreadyExists',
  })
  await blob.upload('two', 3, { conditions: { ifMatch: etag } })
  await expect(blob.upload('three', 5, { conditions: { ifMatch: etag } })).rejects.toMatchObject({
    statusCode: 412,
    code: 'ConditionNotMet',
  })
  expect((await blob.downloadToBuffer()).toString()).toBe('two')
})

test('a blob past the limit is refused before it is read, a name past its limit too', async () => {
  const size = 4 * 1024 * 1024 + 1
  await expect(container.uploadBlockBlob('large', Buffer.alloc(size), size)).rejects.toMatchObject({
    statusCode: 413,
    code: 'RequestBodyTooLarge',
  })
  await expect(container.uploadBlockBlob('n'.repeat(1025), 'x', 1)).rejects.toMatchObject({ statusCode: 400, code: 'OutOfRangeInput' })
})

test('roles decide: the control plane may look into a container, not write to it', async () => {
  const seen = world.blobs(world.cloud.controlPlane).getContainerClient('data')
  await container.uploadBlockBlob('present', 'x', 1)
  expect(await names(seen)).toContain('present')
  await expect(seen.uploadBlockBlob('mine', 'x', 1)).rejects.toMatchObject({
    statusCode: 403,
    code: 'AuthorizationPermissionMismatch',
    message: expect.stringContaining('This request is not authorized to perform this operation using this permission.'),
  })
  await expect(seen.deleteBlob('present')).rejects.toMatchObject({ statusCode: 403 })
})

test('no token, a token for another service, or a key: not let in', async () => {
  const forArm: TokenCredential = { getToken: () => world.cloud.owner.getToken('https://management.azure.com/.default') }
  await expect(names(world.blobs(forArm).getContainerClient('data'))).rejects.toMatchObject({
    statusCode: 401,
    code: 'InvalidAuthenticationInfo',
  })
  const key = new StorageSharedKeyCredential(ACCOUNT, Buffer.from('key').toString('base64'))
  const withKey = new BlobServiceClient(`https://${ACCOUNT}.blob.core.windows.net`, key, {
    httpClient: blobHttpClient(world.cloud.clientOptions.httpClient),
    retryOptions: { maxTries: 1 },
  })
  await expect(names(withKey.getContainerClient('data'))).rejects.toMatchObject({
    statusCode: 403,
    code: 'KeyBasedAuthenticationNotPermitted',
  })
})

test('what was acknowledged is there after a crash', async () => {
  await container.uploadBlockBlob('durable', 'kept', 4)
  await world.cloud.kill()
  const again = await world.cloud.restart()
  const service = new BlobServiceClient(`https://${ACCOUNT}.blob.core.windows.net`, again.owner, {
    httpClient: blobHttpClient(again.clientOptions.httpClient),
  })
  expect((await service.getContainerClient('data').getBlobClient('durable').downloadToBuffer()).toString()).toBe('kept')
  await again.stop()
  world = await storageWorld()
})
