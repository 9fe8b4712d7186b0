import type { Clock } from '../../clock.ts'
import { ProblemError } from '../../problem.ts'
import type { RegistryResponse } from './connection.ts'
import { refusal } from './registry-error.ts'

/** The Authorization header of calls; `repository` undefined: for the catalog. */
export interface RegistryAuth {
  header(repository: string | undefined): Promise<string>
  /** The registry refused this header: the next one is a new one. */
  refused(repository: string | undefined, header: string): void
}

export type Credential =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  /** Gives a token of Microsoft Entra ID for the audience of registries. */
  | { readonly kind: 'entra'; readonly token: () => Promise<string>; readonly tenantId?: string }

/** Posts a form to one of the token endpoints. */
export type PostForm = (path: string, form: URLSearchParams) => Promise<RegistryResponse>

/** Only of the audience of registries: an ARM token is taken only while the registry's policy says so. */
export const REGISTRY_SCOPE = 'https://containerregistry.azure.net/.default'

/** Repositories in one access token; with all their scopes it stays within a header's size. */
const REPOSITORIES_IN_ONE = 10
const MOST_TOKENS = 2_000
/** Milliseconds before its end in which a token is used no more. */
const MARGIN = 120_000
/** Milliseconds that a token is believed in which does not say how long it lives. */
const UNKNOWN_LIFE = 300_000
const CATALOG = ''

interface Token {
  readonly value: string
  readonly expires: number
}

export function createRegistryAuth(loginServer: string, credential: Credential, post: PostForm, clock: Clock): RegistryAuth {
  if (credential.kind === 'basic') {
    const header = `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString('base64')}`
    return { header: async () => header, refused() {} }
  }
  return entraAuth(loginServer, credential, post, clock)
}

function entraAuth(loginServer: string, credential: Extract<Credential, { kind: 'entra' }>, post: PostForm, clock: Clock): RegistryAuth {
  const tokens = new Map<string, Promise<Token>>()
  let refresh: Promise<Token> | undefined
  /** Repositories whose token is asked for in the same moment: one call for all of them. */
  let gathering: { readonly names: string[]; readonly token: Promise<Token> } | undefined

  async function fresh(held: Promise<Token> | undefined): Promise<Token | undefined> {
    const token = await held?.catch(() => undefined)
    return token && clock.now() < token.expires ? token : undefined
  }

  async function exchange(): Promise<Token> {
    const form = new URLSearchParams({ grant_type: 'access_token', service: loginServer, access_token: await credential.token() })
    if (credential.tenantId !== undefined) form.set('tenant', credential.tenantId)
    return tokenIn(await post('/oauth2/exchange', form), 'refresh_token', clock.now())
  }

  async function refreshToken(): Promise<Token> {
    const held = refresh
    const token = await fresh(held)
    if (token) return token
    // Whoever came first has renewed it meanwhile.
    if (refresh === held) refresh = exchange()
    return refresh ?? exchange()
  }

  async function accessToken(names: readonly string[]): Promise<Token> {
    const form = new URLSearchParams({ grant_type: 'refresh_token', service: loginServer, refresh_token: (await refreshToken()).value })
    for (const name of names) form.append('scope', name === CATALOG ? 'registry:catalog:*' : `repository:${name}:pull,delete,metadata_read`)
    return tokenIn(await post('/oauth2/token', form), 'access_token', clock.now())
  }

  function gather(name: string): Promise<Token> {
    if (!gathering || gathering.names.length >= REPOSITORIES_IN_ONE) {
      const names: string[] = []
      const token = Promise.resolve().then(() => {
        if (gathering?.names === names) gathering = undefined
        return accessToken(names)
      })
      gathering = { names, token }
    }
    gathering.names.push(name)
    return gathering.token
  }

  return {
    async header(repository = CATALOG) {
      const held = tokens.get(repository)
      let token = await fresh(held)
      if (!token) {
        if (tokens.get(repository) === held) {
          if (tokens.size >= MOST_TOKENS) tokens.clear()
          tokens.set(repository, gather(repository))
        }
        token = await (tokens.get(repository) ?? gather(repository))
      }
      return `Bearer ${token.value}`
    },
    refused(repository = CATALOG) {
      tokens.delete(repository)
    },
  }
}

function tokenIn(response: RegistryResponse, name: 'refresh_token' | 'access_token', now: number): Token {
  if (response.status !== 200) throw refusal(response, 'sign in')
  const value = (JSON.parse(response.body.toString()) as Readonly<Record<string, unknown>>)[name]
  if (typeof value !== 'string') throw new ProblemError({ code: 'unknown', message: 'The registry gave no token.', retryable: false })
  return { value, expires: expiryOf(value, now) }
}

/** Epoch ms until which the token is used. Lives differ from registry to registry, so the token itself is asked. */
function expiryOf(token: string, now: number): number {
  try {
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { exp?: unknown }
    if (typeof exp === 'number') return Math.max(exp * 1000 - MARGIN, now + 1000)
  } catch {}
  return now + UNKNOWN_LIFE
}
