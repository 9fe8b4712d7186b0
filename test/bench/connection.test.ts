import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { openConnection } from '../../bench/load/connection.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function serve(listener: RequestListener): Promise<URL> {
  server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return new URL(`http://127.0.0.1:${address.port}/a?b=c`)
}

test('one connection asks again and again, with its headers', async () => {
  const asked: unknown[] = []
  const sockets = new Set<unknown>()
  const url = await serve((request, response) => {
    asked.push([request.method, request.url, request.headers['x-api-key']])
    sockets.add(request.socket)
    response.writeHead(asked.length === 1 ? 200 : 503, { 'content-length': 5 })
    // In two pieces, and with characters of several bytes.
    response.write('ä')
    setImmediate(() => response.end('ö!'))
  })
  const connection = await openConnection(url, { 'x-api-key': 'k' })
  expect([await connection.send(), await connection.send()]).toEqual([200, 503])
  connection.close()
  expect(asked).toEqual([
    ['GET', '/a?b=c', 'k'],
    ['GET', '/a?b=c', 'k'],
  ])
  expect(sockets.size).toBe(1)
})

test('a connection that is cut before the answer is whole counts as an error', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 100 })
    response.write('begun')
    setImmediate(() => response.destroy())
  })
  const connection = await openConnection(url, {})
  await expect(connection.send()).rejects.toThrow('cut')
})

test('an answer whose length is not told is refused, not waited for without end', async () => {
  const url = await serve((_, response) => void response.write('chunked'))
  const connection = await openConnection(url, {})
  await expect(connection.send()).rejects.toThrow('Content-Length')
})
