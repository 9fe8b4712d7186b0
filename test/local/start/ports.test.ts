import { once } from 'node:events'
import { createServer } from 'node:net'
import { choosePorts } from '../../../local/start/ports.ts'

test('a taken port is named before anything is started', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await expect(choosePorts(port - 2)).rejects.toThrow(
    `Port ${port} is taken by another program; choose others with npm start -- --port ${port + 8}.`,
  )
  server.close()
})

test('0 takes six ports that are free, no two alike', async () => {
  const { api, azure, azureTls, storage } = await choosePorts(0)
  expect(new Set([api, azure, azureTls, ...storage]).size).toBe(6)
})
