import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Azure } from '../azure.ts'
import type { Resource } from '../resource.ts'
import { knobsOf } from './knobs.ts'
import { loginServer } from './registry.ts'

/** Seconds, as seen in the recordings of the Azure SDK's tests. */
const LIFETIMES = { access: 4_500, refresh: 11_700 } as const

const claimsSchema = z.object({
  /** `principal {object id}`, `admin`, `token {name}` or `anonymous`. */
  sub: z.string(),
  exp: z.number(),
  grant_type: z.enum(['access_token', 'refresh_token']),
  access: z.array(z.object({ type: z.enum(['repository', 'registry']), name: z.string(), actions: z.array(z.string()) })).default([]),
})
export type RegistryClaims = z.infer<typeof claimsSchema>

/** A token of the registry's own, signed with the key that it keeps to itself. */
export function issueToken(
  azure: Azure,
  registry: Resource,
  kind: 'access' | 'refresh',
  claims: Pick<RegistryClaims, 'sub'> & { readonly [claim: string]: unknown },
): string {
  const now = Math.floor(azure.clock.now() / 1000)
  const payload = {
    jti: azure.uuid(),
    ...claims,
    nbf: now,
    iat: now,
    exp: now + (knobsOf(azure, registry).tokenSeconds[kind] ?? LIFETIMES[kind]),
    iss: 'Azure Container Registry',
    aud: loginServer(registry),
    version: '1.0',
    grant_type: `${kind}_token`,
  }
  const text = [{ alg: 'HS256', typ: 'JWT' }, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${text}.${signature(registry, text).toString('base64url')}`
}

/** undefined when it is forged, expired, of another kind or of another registry, which has another key. */
export function readToken(azure: Azure, registry: Resource, kind: 'access' | 'refresh', token: string): RegistryClaims | undefined {
  const claims = signedClaims(azure, registry, token)
  return claims?.grant_type === `${kind}_token` && claims.exp * 1000 > azure.clock.now() ? claims : undefined
}

/** Claims of tokens whose signature was found right: clients send the same one thousands of times. */
const checked = new WeakMap<Azure, Map<string, RegistryClaims>>()
const MOST_CHECKED = 1_000

function signedClaims(azure: Azure, registry: Resource, token: string): RegistryClaims | undefined {
  const known = checked.get(azure) ?? new Map<string, RegistryClaims>()
  checked.set(azure, known)
  const key = `${registry.hidden.signingKey} ${token}`
  const claims = known.get(key) ?? checkedClaims(registry, token)
  if (!claims) return undefined
  if (known.size >= MOST_CHECKED) known.clear()
  known.set(key, claims)
  return claims
}

function checkedClaims(registry: Resource, token: string): RegistryClaims | undefined {
  const [header, payload, sent, ...rest] = token.split('.')
  if (!header || !payload || !sent || rest.length > 0) return undefined
  const expected = signature(registry, `${header}.${payload}`)
  const given = Buffer.from(sent, 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  return claimsSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')))
}

function signature(registry: Resource, text: string): Buffer {
  return createHmac('sha256', String(registry.hidden.signingKey)).update(text).digest()
}
