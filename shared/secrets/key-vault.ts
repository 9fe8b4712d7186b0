import type { TokenCredential } from '@azure/core-auth'
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
} from '@azure/core-rest-pipeline'
import { ProblemError } from '../problem.ts'
import type { Secrets } from './secrets.ts'

const API_VERSION = '7.4'
const SCOPE = 'https://vault.azure.net/.default'

/** Secrets in a Key Vault. The app's identity needs the role Key Vault Secrets Officer on it. */
export function createKeyVault(vaultUrl: string, credential: TokenCredential, httpClient: HttpClient = createDefaultHttpClient()): Secrets {
  const pipeline = createPipelineFromOptions({})
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: SCOPE }), { phase: 'Sign' })

  async function send(method: 'GET' | 'PUT' | 'DELETE' | 'POST', path: string, body?: object): Promise<string | undefined> {
    const request = createPipelineRequest({
      method,
      url: `${vaultUrl}/${path}?api-version=${API_VERSION}`,
      headers: createHttpHeaders({ accept: 'application/json', 'content-type': 'application/json' }),
      ...(body && { body: JSON.stringify(body) }),
    })
    const { status, bodyAsText } = await pipeline.sendRequest(httpClient, request)
    if (status === 404) return undefined
    if (status < 300) return bodyAsText ?? ''
    // A removed secret keeps its name for weeks (soft delete); it has to come back before it can be set, which takes seconds.
    if (status === 409 && method === 'PUT') await send('POST', `deleted${path}/recover`)
    // The body is left out: it can repeat what was sent.
    throw new ProblemError(
      status === 401 || status === 403
        ? {
            code: 'permission',
            message: 'Key Vault refuses the app.',
            remedy: 'Give the identity of the app the role Key Vault Secrets Officer on the vault.',
            scope: vaultUrl,
            retryable: false,
          }
        : { code: 'transient', message: `Key Vault answered ${status}.`, scope: vaultUrl, retryable: true, retryAfter: 5 },
    )
  }

  const secret = (name: string) => `secrets/${encodeURIComponent(name)}`
  return {
    async put(name, value) {
      await send('PUT', secret(name), { value })
    },
    async get(name) {
      const text = await send('GET', secret(name))
      return text === undefined ? undefined : (JSON.parse(text) as { value: string }).value
    },
    async remove(name) {
      await send('DELETE', secret(name))
    },
  }
}
