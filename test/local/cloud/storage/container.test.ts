import { until } from '../sdk.ts'
import { ACCOUNT, GROUP, type StorageWorld, storageWorld } from './storage-client.ts'

let world: StorageWorld
beforeAll(async () => {
  world = await storageWorld()
})
afterAll(() => world.cloud.stop())

const create = (name: string) => world.client.blobContainers.create(GROUP, ACCOUNT, name, {})

test('a container made through ARM is one of the blob service, and the other way round', async () => {
  expect(await create('from-arm')).toMatchObject({ name: 'from-arm', type: 'Microsoft.Storage/storageAccounts/blobServices/containers' })
  await world.blobs().getContainerClient('from-blobs').create()
  expect(await world.blobs().getContainerClient('from-arm').exists()).toBe(true)
  const names: (string | undefined)[] = []
  for await (const container of world.client.blobContainers.list(GROUP, ACCOUNT)) names.push(container.name)
  expect(names).toEqual(['from-arm', 'from-blobs'])
  expect(await world.client.blobContainers.get(GROUP, ACCOUNT, 'from-blobs')).toMatchObject({
    publicAccess: 'None',
    leaseState: 'Available',
  })
})

test('making a container again is no error through ARM; its metadata can be changed', async () => {
  await create('again')
  await create('again')
  await world.client.blobContainers.update(GROUP, ACCOUNT, 'again', { metadata: { cluster: 'one' } })
  expect((await world.client.blobContainers.get(GROUP, ACCOUNT, 'again')).metadata).toEqual({ cluster: 'one' })
  expect((await world.blobs().getContainerClient('again').getProperties()).metadata).toEqual({ cluster: 'one' })
})

test.each(['UPPER', 'two--hyphens', '-first', 'last-', 'under_score', 'ab', 'a'.repeat(64)])(
  '%p is no name of a container',
  async (name) => {
    await expect(create(name)).rejects.toMatchObject({ statusCode: 400, code: 'ContainerOperationFailure' })
  },
)

const deletionTakes = (seconds: number | null) =>
  world.cloud.request('PUT', '/_slipway/latencies', { body: { 'container.delete': seconds } })

test('a deleted container is gone at once, but its name stays taken for a while', async () => {
  await deletionTakes(86_400)
  await create('shortlived')
  const container = world.blobs().getContainerClient('shortlived')
  await world.client.blobContainers.delete(GROUP, ACCOUNT, 'shortlived')
  await deletionTakes(null)
  expect(await container.exists()).toBe(false)
  await expect(create('shortlived')).rejects.toMatchObject({
    statusCode: 409,
    code: 'ContainerOperationFailure',
    message: expect.stringContaining('The specified container is being deleted. Try operation later.'),
  })
  await expect(container.create()).rejects.toMatchObject({ statusCode: 409, code: 'ContainerBeingDeleted' })
})

test('a container made anew under a former name is empty', async () => {
  await create('reborn')
  const container = world.blobs().getContainerClient('reborn')
  await container.uploadBlockBlob('blob', 'x', 1)
  await container.delete()
  await until(() => create('reborn').then(Boolean, () => false))
  for await (const { name } of container.listBlobsFlat()) throw new Error(`${name} is still there`)
})
