import type { Clock } from '../../clock.ts'
import { ProblemError } from '../../problem.ts'
import type { RegistryResponse } from './connection.ts'
import { type Right, refusal } from './registry-error.ts'

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

const RIGHTS = ['pull', 'delete', 'metadata_read'] as const
const CATALOG_SCOPE = 'registry:catalog:*'
const scopeOf = (repository: string) => `repository:${repository}:${RIGHTS.join(',')}`
/** Repositories in one access token where each is named; with all their scopes it stays within a header's size. */
const REPOSITORIES_IN_ONE = 10
const MOST_TOKENS = 2_000
/** Milliseconds before its end in which a token is used no more; of a short life, that share. */
const MARGIN = 120_000
const MARGIN_SHARE = 0.25
/** Milliseconds that a token is believed in which does not say how long it lives. */
const UNKNOWN_LIFE = 300_000
/** Milliseconds in which a refusal is no fault of a refresh token. */
const BELIEVED = 60_000
const CATALOG = ''

interface Token {
  readonly value: string
  /** Epoch ms. */
  readonly madeAt: number
  readonly expires: number
}

export function createRegistryAuth(loginServer: string, credential: Credential, post: PostForm, clock: Clock): RegistryAuth {
  if (credential.kind === 'basic') {
    const header = `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString('base64')}`
    return { header: async () => header, refused() {} }
  }
  return entraAuth(loginServer, credential, post, clock)
}

/** One token for everything where the registry gives such; where permissions are those of repositories, tokens that name them. */
function entraAuth(loginServer: string, credential: Extract<Credential, { kind: 'entra' }>, post: PostForm, clock: Clock): RegistryAuth {
  const isLive = (token: Token | undefined): token is Token => token !== undefined && clock.now() < token.expires
  const held = async (promise: Promise<Token> | undefined) => {
    const token = await promise?.catch(() => undefined)
    return isLive(token) ? token : undefined
  }
  let refresh: Promise<Token> | undefined

  async function exchange(): Promise<Token> {
    const form = new URLSearchParams({ grant_type: 'access_token', service: loginServer, access_token: await credential.token() })
    if (credential.tenantId !== undefined) form.set('tenant', credential.tenantId)
    return tokenIn(await post('/oauth2/exchange', form), 'refresh_token', clock.now())
  }

  async function refreshToken(): Promise<Token> {
    const known = refresh
    const token = await held(known)
    if (token) return token
    // Whoever came first has renewed it meanwhile.
    if (refresh === known) refresh = exchange()
    return refresh ?? exchange()
  }

  async function ask(scopes: readonly string[]): Promise<RegistryResponse> {
    const { value, madeAt } = await refreshToken()
    const used = refresh
    const form = new URLSearchParams({ grant_type: 'refresh_token', service: loginServer, refresh_token: value })
    for (const scope of scopes) form.append('scope', scope)
    const answer = await post('/oauth2/token', form)
    if (answer.status !== 401 || clock.now() - madeAt < BELIEVED) return answer
    // It may have been withdrawn since.
    if (refresh === used) refresh = undefined
    return ask(scopes)
  }

  const accessToken = async (scopes: readonly string[]) =>
    tokenIn(await ask(scopes), 'access_token', clock.now(), scopes.includes(CATALOG_SCOPE) ? 'catalog' : 'pull')

  const tokens = new Map<string, Promise<Token>>()
  /** Repositories whose token is asked for in the same moment: one call for all of them. */
  let gathering: { readonly names: string[]; readonly token: Promise<Token> } | undefined

  function gather(name: string): Promise<Token> {
    if (!gathering || gathering.names.length >= REPOSITORIES_IN_ONE) {
      const names: string[] = []
      const token = Promise.resolve().then(() => {
        if (gathering?.names === names) gathering = undefined
        return accessToken(names.map((name) => (name === CATALOG ? CATALOG_SCOPE : scopeOf(name))))
      })
      gathering = { names, token }
    }
    gathering.names.push(name)
    return gathering.token
  }

  async function tokenOf(repository: string): Promise<Token> {
    const known = tokens.get(repository)
    const token = await held(known)
    if (token) return token
    if (tokens.get(repository) === known) {
      if (tokens.size >= MOST_TOKENS) tokens.clear()
      tokens.set(repository, gather(repository))
    }
    return tokens.get(repository) ?? gather(repository)
  }

  /** For everything; `none`: this registry gives no such token. */
  let whole: Token | 'none' | undefined
  let asking: Promise<void> | undefined

  async function askForWhole(): Promise<void> {
    if ('aad_identity' in claimsOf((await refreshToken()).value)) {
      whole = 'none'
      return
    }
    const answer = await ask([CATALOG_SCOPE, scopeOf('*')])
    const token = answer.status === 401 || answer.status === 403 ? undefined : tokenIn(answer, 'access_token', clock.now())
    whole = token && isForEverything(token) ? token : 'none'
  }

  return {
    async header(repository = CATALOG) {
      if (whole !== 'none' && !isLive(whole)) {
        asking ??= askForWhole().finally(() => {
          asking = undefined
        })
        await asking
      }
      return `Bearer ${(whole === 'none' || !whole ? await tokenOf(repository) : whole).value}`
    },
    refused(repository = CATALOG, header) {
      // Not believed again: what it was refused for may be a matter of this one repository.
      if (whole !== undefined && whole !== 'none' && header === `Bearer ${whole.value}`) whole = 'none'
      else tokens.delete(repository)
    },
  }
}

function tokenIn(response: RegistryResponse, name: 'refresh_token' | 'access_token', now: number, asked?: Right): Token {
  if (response.status !== 200) throw refusal(response, 'sign in', asked)
  const value = objectFrom(response.body.toString())[name]
  if (typeof value !== 'string') throw new ProblemError({ code: 'unknown', message: 'The registry gave no token.', retryable: false })
  return { value, madeAt: now, expires: expiryOf(value, now) }
}

/** Epoch ms until which the token is used. Lives differ from registry to registry, so the token itself is asked. */
function expiryOf(token: string, now: number): number {
  const { exp } = claimsOf(token)
  if (typeof exp !== 'number') return now + UNKNOWN_LIFE
  const end = exp * 1000
  return Math.max(end - Math.min(MARGIN, (end - now) * MARGIN_SHARE), now + 1000)
}

/** Whether it has all rights that were asked for; one that does not say is tried. */
function isForEverything({ value }: Token): boolean {
  const { access } = claimsOf(value)
  if (!Array.isArray(access)) return true
  const has = (type: string, name: string, wanted: readonly string[]) =>
    access.some((one) => one?.type === type && one.name === name && Array.isArray(one.actions) && covers(one.actions, wanted))
  return has('registry', 'catalog', []) && has('repository', '*', RIGHTS)
}

const covers = (actions: readonly unknown[], wanted: readonly string[]): boolean =>
  actions.includes('*') || wanted.every((action) => actions.includes(action))

/** What a JSON Web Token says; nothing where it is none. Its signature is the registry's to check. */
const claimsOf = (token: string) => objectFrom(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

/** Empty where the text is no object. */
function objectFrom(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
  } catch {
    return {}
  }
}
