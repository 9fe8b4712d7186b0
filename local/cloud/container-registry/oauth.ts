import { bodyOf, type DataCall } from './data-call.ts'
import { basicSubject, challenge } from './identity.ts'
import { subjectMay, subjectOfPassword } from './permissions.ts'
import { isAbac, policyOf } from './registry.ts'
import { RegistryError } from './registry-error.ts'
import { issueToken, readToken } from './registry-token.ts'
import { granted, parseScopes } from './token-scope.ts'

/** Tokens for any registry carry this audience; those for ARM count as long as the registry's policy says so. */
const AUDIENCE = 'https://containerregistry.azure.net'
const ARM_AUDIENCE = 'https://management.azure.com'

const MAX_FORM = 64 * 1024

const invalid = (message: string) => new RegistryError(400, 'BAD_REQUEST', message)
const refused = () =>
  new RegistryError(401, 'UNAUTHORIZED', 'authentication required, visit https://aka.ms/acr/authorization for more information.')

async function formOf(call: DataCall): Promise<URLSearchParams> {
  return new URLSearchParams((await bodyOf(call, MAX_FORM)).toString('utf8'))
}

/** A token of Microsoft Entra ID for a refresh token of this registry. */
export async function exchange(call: DataCall): Promise<Response> {
  const { azure, registry } = call
  const form = await formOf(call)
  if (!['access_token', 'access_token_refresh_token'].includes(form.get('grant_type') ?? '')) throw invalid('grant_type is not supported')
  const bearer = `Bearer ${form.get('access_token') ?? ''}`
  const armTokens = policyOf(registry, 'azureADAuthenticationAsArmPolicy').status !== 'disabled'
  const principal = azure.authenticate(bearer, AUDIENCE) ?? (armTokens ? azure.authenticate(bearer, ARM_AUDIENCE) : undefined)
  if (!principal) throw refused()
  const claims = { sub: `principal ${principal.objectId}`, ...(isAbac(registry) && { aad_identity: principal.objectId }) }
  return Response.json({ refresh_token: issueToken(azure, registry, 'refresh', claims) })
}

/** An access token for the scopes asked, as far as the roles give them; 401 when they give nothing of it. */
export async function token(call: DataCall): Promise<Response> {
  const { azure, query, registry, request } = call
  const form = request.method === 'POST' ? await formOf(call) : query
  const subject = subjectOf(call, form)
  if (subject === undefined) throw challenge(registry, undefined, true)
  const asked = parseScopes(form.getAll('scope'))
  const access = granted(asked, (right, repository) => subjectMay(azure, registry, subject, right, repository))
  if (asked.length > 0 && access.length === 0) throw refused()
  return Response.json({ access_token: issueToken(azure, registry, 'access', { sub: subject, access }) })
}

function subjectOf({ azure, registry, request }: DataCall, form: URLSearchParams): string | undefined {
  const basic = /^basic (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (basic !== undefined) return basicSubject(azure, registry, basic)
  const refresh = form.get('refresh_token') ?? ''
  if (refresh !== '') return readToken(azure, registry, 'refresh', refresh)?.sub
  const user = form.get('username')
  if (user !== null) return subjectOfPassword(azure, registry, user, form.get('password') ?? '')
  return registry.properties.anonymousPullEnabled === true ? 'anonymous' : undefined
}
