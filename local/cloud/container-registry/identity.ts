import type { Azure } from '../azure.ts'
import type { Resource } from '../resource.ts'
import type { DataRequest, Right } from './data-request.ts'
import { subjectMay, subjectOfPassword } from './permissions.ts'
import { loginServer } from './registry.ts'
import { RegistryError } from './registry-error.ts'
import { readToken } from './registry-token.ts'
import { gives, neededScope } from './token-scope.ts'

/** The user name that goes with a refresh token in place of a password. */
const TOKEN_USER = '00000000-0000-0000-0000-000000000000'

/** Whoever sends a request, as the registry counts its calls and grants its rights. */
export interface Identity {
  readonly subject: string
  may(right: Right, repository: string): boolean
}

/** undefined without valid credentials. */
export function identify(azure: Azure, registry: Resource, authorization: string | null): Identity | undefined {
  const [, scheme, value = ''] = /^(\w+) (\S+)$/.exec(authorization ?? '') ?? []
  if (scheme?.toLowerCase() === 'bearer') {
    const claims = readToken(azure, registry, 'access', value)
    return claims && { subject: claims.sub, may: (right, repository) => gives(claims.access, right, repository) }
  }
  if (scheme?.toLowerCase() !== 'basic') return undefined
  const subject = basicSubject(azure, registry, value)
  return subject === undefined
    ? undefined
    : { subject, may: (right, repository) => subjectMay(azure, registry, subject, right, repository) }
}

/** The subject of the base64 that Basic authentication carries. */
export function basicSubject(azure: Azure, registry: Resource, encoded: string): string | undefined {
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 0) return undefined
  const [user, password] = [text.slice(0, colon), text.slice(colon + 1)]
  return user === TOKEN_USER ? readToken(azure, registry, 'refresh', password)?.sub : subjectOfPassword(azure, registry, user, password)
}

/** The 401 that tells a client which token to fetch. `sent`: it has credentials, which are not valid or not enough. */
export function challenge(registry: Resource, asked: DataRequest | undefined, sent: boolean): RegistryError {
  const server = loginServer(registry)
  const scope = asked && neededScope(asked)
  const parts = [
    `realm="https://${server}/oauth2/token"`,
    `service="${server}"`,
    ...(scope ? [`scope="${scope.type}:${scope.name}:${scope.actions.join(',')}"`] : []),
    ...(sent ? ['error="invalid_token"'] : []),
  ]
  const detail = scope ? [{ Type: scope.type, Name: scope.name, Action: scope.actions.join(',') }] : null
  return new RegistryError(
    401,
    'UNAUTHORIZED',
    'authentication required, visit https://aka.ms/acr/authorization for more information.',
    detail,
    { 'WWW-Authenticate': `Bearer ${parts.join(',')}` },
  )
}
