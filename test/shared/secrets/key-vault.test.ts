import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline'
import { createKeyVault } from '../../../shared/secrets/key-vault.ts'

/** The three calls of the vault that we use, in its own shapes. */
const held = new Map<string, string>()
const deleted = new Map<string, string>()
let refuse = false
const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  const answer = (status: number, value: object) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  const recover = /^\/deletedsecrets\/([\w-]+)\/recover\?/.exec(request.url ?? '')?.[1]
  if (recover) {
    held.set(recover, deleted.get(recover) ?? '')
    deleted.delete(recover)
    return answer(200, {})
  }
  const name = /^\/secrets\/([\w-]+)\?api-version=7\.4$/.exec(request.url ?? '')?.[1]
  if (refuse || request.headers.authorization !== 'Bearer token-of-the-app' || !name) return answer(403, { error: { message: body } })
  if (request.method === 'PUT' && deleted.has(name)) return answer(409, { error: { code: 'Conflict' } })
  if (request.method === 'PUT') held.set(name, JSON.parse(body).value)
  const value = held.get(name)
  if (value === undefined) return answer(404, { error: { code: 'SecretNotFound' } })
  if (request.method === 'DELETE') {
    held.delete(name)
    deleted.set(name, value)
  }
  return answer(200, { value })
})
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => server.close())

const real = createDefaultHttpClient()
/** The SDK gives tokens to HTTPS alone, so the vault's name leads to the server behind its back. */
const http: HttpClient = {
  sendRequest(request) {
    request.url = request.url.replace('https://slipway.vault.azure.net', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    request.allowInsecureConnection = true
    return real.sendRequest(request)
  },
}
const credential = { getToken: async () => ({ token: 'token-of-the-app', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) }
const vault = createKeyVault('https://slipway.vault.azure.net', credential, http)

test('a secret is put, read and removed', async () => {
  await vault.put('cluster-password', 'tide')
  expect(await vault.get('cluster-password')).toBe('tide')
  await vault.remove('cluster-password')
  await vault.remove('cluster-password')
  expect(await vault.get('cluster-password')).toBeUndefined()
})

test('a secret that was removed can be put again, after a moment', async () => {
  await vault.put('first-password', 'one')
  await vault.remove('first-password')
  await expect(vault.put('first-password', 'two')).rejects.toMatchObject({ problem: { code: 'transient', retryable: true } })
  await vault.put('first-password', 'two')
  expect(await vault.get('first-password')).toBe('two')
})

test('a refusal names the role, never the secret', async () => {
  refuse = true
  const error = await vault.put('cluster-password', 'tide').catch((error: unknown) => error)
  refuse = false
  expect(error).toMatchObject({ problem: { code: 'permission', remedy: expect.stringContaining('Key Vault Secrets Officer') } })
  expect(JSON.stringify(error)).not.toContain('tide')
})
