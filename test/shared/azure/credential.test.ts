import { createHttpHeaders, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline'
import type { Account } from '../../../shared/accounts/account.ts'
import { createCredential } from '../../../shared/azure/credential.ts'

const id = '00000000-0000-0000-0000-000000000001'
const identity = '00000000-0000-0000-0000-000000000002'
const account: Account = {
  id: 'default',
  name: 'mine',
  tenantId: id,
  subscriptionId: id,
  credential: 'workload-identity',
  clientId: id,
  identityClientId: identity,
  createdOn: 0,
}

/** Gives every token that is asked for, and keeps what was asked. */
function tokenService(): { client: HttpClient; asked: PipelineRequest[] } {
  const asked: PipelineRequest[] = []
  const client: HttpClient = {
    async sendRequest(request) {
      asked.push(request)
      const own = new URL(request.url).hostname === '169.254.169.254'
      const token = { token_type: 'Bearer', expires_in: 3600, expires_on: 4_000_000_000, access_token: own ? 'own token' : 'their token' }
      return { request, status: 200, headers: createHttpHeaders({ 'content-type': 'application/json' }), bodyAsText: JSON.stringify(token) }
    },
  }
  return { client, asked }
}

test('a service principal that trusts an identity of the app signs in with a token of that identity, and no secret', async () => {
  const { client, asked } = tokenService()
  const token = await createCredential(account, undefined, client).getToken('https://management.azure.com/.default')
  expect(token?.token).toBe('their token')
  const bodies = asked.map(({ url, body }) => decodeURIComponent(`${url} ${typeof body === 'string' ? body : ''}`))
  expect(bodies.some((text) => text.includes('resource=api://AzureADTokenExchange') && text.includes(`client_id=${identity}`))).toBe(true)
  expect(bodies.some((text) => /client_assertion=own[ +]token/.test(text))).toBe(true)
})

test('without a tenant, a client or an identity it says what is missing', () => {
  const { clientId: _, ...nobody } = account
  const { identityClientId: __, ...withoutIdentity } = account
  for (const incomplete of [nobody, withoutIdentity])
    expect(() => createCredential(incomplete, undefined, undefined)).toThrow('lacks what a service principal signs in with')
})
