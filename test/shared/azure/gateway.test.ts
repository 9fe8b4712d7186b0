import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createPipelineRequest } from '@azure/core-rest-pipeline'
import { gatewayHttpClient } from '../../../shared/azure/gateway.ts'

let server: Server
let seen: IncomingMessage | undefined
beforeAll(
  () =>
    new Promise<void>((resolve) => {
      server = createServer((request, response) => {
        seen = request
        response.end('{}')
      }).listen(0, '127.0.0.1', resolve)
    }),
)
afterAll(() => server.close())

test("a request for Azure's host arrives at the gateway under Azure's name", async () => {
  const { port } = server.address() as AddressInfo
  const client = gatewayHttpClient(`http://127.0.0.1:${port}`)
  const request = createPipelineRequest({ url: 'https://management.azure.com/subscriptions?api-version=2022-12-01' })
  const response = await client.sendRequest(request)
  expect(seen).toMatchObject({ url: '/subscriptions?api-version=2022-12-01', headers: { host: 'management.azure.com' } })
  expect(response.request.url).toBe('https://management.azure.com/subscriptions?api-version=2022-12-01')
})
