import { once } from 'node:events'
import { createServer } from 'node:net'
import { choosePorts } from '../../../local/start/ports.ts'

test('a taken port is named before anything is started', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  // Others of the range may be taken as well, by whoever else is at work on the machine.
  const refusal = await choosePorts(port - 2).catch(({ message }: Error) => message)
  const named = /^Port (\d+) is taken by another program; choose others with npm start -- --port (\d+)\.$/.exec(`${refusal}`)
  expect([0, 1, 2, 3, 4, 5].map((offset) => port - 2 + offset)).toContain(Number(named?.[1]))
  expect(Number(named?.[2])).toBe(port + 8)
  server.close()
})

test('0 takes six ports that are free, no two alike, and none that a connection of another program may be given', async () => {
  const { api, azure, azureTls, storage } = await choosePorts(0)
  const ports = [api, azure, azureTls, ...storage]
  expect(new Set(ports).size).toBe(6)
  expect(Math.max(...ports)).toBeLessThan(32_768)
})
