import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInstance, type Instance } from '../../../../local/host/durable/instance.ts'
import { instanceStore } from '../../../../local/host/durable/instance-store.ts'
import { azurite } from '../../../azurite.ts'

const { connectionString } = azurite()
const NOW = Date.UTC(2026, 0, 1)
const servers: Server[] = []
const instance = (instanceId: string): Instance => createInstance({ instanceId, name: 'any', input: 'null' }, NOW)

afterAll(() => {
  for (const server of servers) server.close()
})

/** Storage behind a line that breaks once, after the first document has been written and before the answer arrives. */
async function withLostAnswer(): Promise<string> {
  const endpoint = new URL(/BlobEndpoint=([^;]+)/.exec(connectionString)?.[1] ?? '')
  let lost = false
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming
    const onward = request({ host: endpoint.hostname, port: endpoint.port, method, path: url, headers }, (answer) => {
      if (method === 'PUT' && url?.includes('.json') && !lost) {
        lost = true
        answer.resume().once('end', () => outgoing.destroy())
        return
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(onward)
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return connectionString.replace(endpoint.host, `127.0.0.1:${(server.address() as AddressInfo).port}`)
}

test('an answer lost after the document was written is no conflict', async () => {
  const store = instanceStore(await withLostAnswer(), 'lossy')
  await store.loadAll()
  const etag = await store.save(instance('once'), undefined)
  await store.save({ ...instance('once'), status: 'Running' }, etag)
  expect((await store.loadAll()).map((stored) => stored.instance.status)).toEqual(['Running'])
})

test('of two writers the second is refused', async () => {
  const store = instanceStore(connectionString, 'twowriters')
  await store.loadAll()
  const etag = await store.save(instance('shared'), undefined)
  await expect(store.save(instance('shared'), undefined)).rejects.toMatchObject({ statusCode: 409 })
  await store.save({ ...instance('shared'), status: 'Running' }, etag)
  await expect(store.save({ ...instance('shared'), status: 'Suspended' }, etag)).rejects.toMatchObject({ statusCode: 412 })
})

test('what was archived is not read at the next start, though it is found and listed', async () => {
  const store = instanceStore(connectionString, 'archived')
  await store.loadAll()
  const ended: Instance = { ...instance('old'), status: 'Completed' }
  await store.archive({ instance: ended, etag: await store.save(ended, undefined) })
  await store.save(instance('young'), undefined)
  expect((await store.loadAll()).map((stored) => stored.instance.instanceId)).toEqual(['young'])
  expect(await store.loadArchived('old')).toEqual(ended)
  expect([...(await store.listArchived())]).toEqual([['old', { status: 'Completed', createdTime: NOW }]])
})
