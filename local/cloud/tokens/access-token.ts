import type { Clock } from '../../clock.ts'
import type { Directory, Principal } from '../azure.ts'
import type { SigningKey } from './signing-key.ts'

/** Seconds that a token of Entra ID for an application is valid, less one as it answers. */
export const TOKEN_LIFETIME = 3599

/** ARM goes by two names; tokens for either open it. */
const ARM_AUDIENCES = ['https://management.azure.com', 'https://management.core.windows.net']

const MAX_CACHED = 1_000

export interface AccessTokens {
  issue(principal: Principal, audience: string): string
  /** See Azure.authenticate. */
  authenticate(authorization: string | null | undefined, audience: string): Principal | undefined
}

interface Claims {
  aud: string
  exp: number
  oid: string
}

export function accessTokensOf(key: SigningKey, directory: Directory, clock: Clock): AccessTokens {
  /** Signatures already checked; clients send the same token with every request. */
  const verified = new Map<string, Claims>()

  function claimsOf(token: string): Claims | undefined {
    const known = verified.get(token)
    if (known) return known
    const [header, payload, signature, ...rest] = token.split('.')
    if (!header || !payload || !signature || rest.length > 0 || !key.verify(`${header}.${payload}`, signature)) return undefined
    // Only what this key signed gets here, and it signs nothing but claims.
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims
    if (verified.size >= MAX_CACHED) verified.clear()
    verified.set(token, claims)
    return claims
  }

  return {
    issue(principal, audience) {
      const now = Math.floor(clock.now() / 1000)
      const header = { typ: 'JWT', alg: 'RS256', kid: key.keyId, x5t: key.keyId }
      const claims = {
        aud: audience,
        iss: `https://sts.windows.net/${directory.tenantId}/`,
        iat: now,
        nbf: now,
        exp: now + TOKEN_LIFETIME,
        appid: principal.clientId,
        appidacr: '1',
        idtyp: 'app',
        oid: principal.objectId,
        sub: principal.objectId,
        tid: directory.tenantId,
        xms_mirid: principal.identityId,
        ver: '1.0',
      }
      const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
      return `${text}.${key.sign(text)}`
    },
    authenticate(authorization, audience) {
      const token = /^Bearer ([\w.-]{20,8000})$/i.exec(authorization ?? '')?.[1]
      const claims = token ? claimsOf(token) : undefined
      if (!claims || claims.exp * 1000 <= clock.now() || !sameAudience(claims.aud, audience)) return undefined
      return directory.byObjectId(claims.oid)
    },
  }
}

function sameAudience(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((audience) => audience.replace(/\/+$/, '').toLowerCase())
  return a === b || (ARM_AUDIENCES.includes(a ?? '') && ARM_AUDIENCES.includes(b ?? ''))
}
