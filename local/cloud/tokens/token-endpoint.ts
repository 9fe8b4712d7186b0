import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { type AccessTokens, TOKEN_LIFETIME } from './access-token.ts'
import type { TenantDirectory } from './directory.ts'
import type { SigningKey } from './signing-key.ts'

const MAX_BODY = 64 * 1024
const DEFAULT_SCOPE = '/.default'

/** The audience of the tokens that a federated credential believes. */
const TOKEN_EXCHANGE = 'api://AzureADTokenExchange'

/**
 * The tenant under which MSAL signs in without asking login.microsoftonline.com whether it trusts the host:
 * the way for clouds of one's own, as on Azure Stack.
 */
const AD_FS = 'adfs'

interface Entra {
  readonly directory: TenantDirectory
  readonly tokens: AccessTokens
  readonly key: SigningKey
  /** Scheme and host that the caller used. */
  readonly origin: (request: Request) => string
  readonly now: () => number
}

/** What Microsoft Entra ID refuses with: the body's `error`, and the AADSTS number and sentence. */
class TokenError extends Error {
  override name = 'TokenError'
  readonly status: 400 | 401
  readonly error: string
  readonly number: number

  constructor(status: 400 | 401, error: string, number: number, sentence: string) {
    super(`AADSTS${number}: ${sentence}`)
    this.status = status
    this.error = error
    this.number = number
  }
}

/** login.microsoftonline.com as far as applications need it: client credentials with a secret or a trusted identity's token, discovery, keys. */
export function tokenEndpoint(entra: Entra): Hono {
  const app = new Hono()
  const { directory } = entra

  app.onError((error, context) => {
    if (!(error instanceof TokenError)) throw error
    const timestamp = new Date(entra.now())
      .toISOString()
      .replace('T', ' ')
      .replace(/\.\d+Z$/, 'Z')
    return context.json({ error: error.error, error_description: error.message, error_codes: [error.number], timestamp }, error.status)
  })

  app.get('/common/discovery/instance', (context) => {
    const host = new URL(entra.origin(context.req.raw)).host
    return context.json({
      tenant_discovery_endpoint: `${entra.origin(context.req.raw)}/${directory.tenantId}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    })
  })

  const openIdConfiguration = (request: Request, tenant: string) => {
    const base = `${entra.origin(request)}/${tenant}`
    return {
      token_endpoint: `${base}/oauth2${tenant === AD_FS ? '' : '/v2.0'}/token`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      issuer: `${entra.origin(request)}/${directory.tenantId}/v2.0`,
      response_types_supported: ['code', 'id_token', 'token'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      tenant_region_scope: 'EU',
      cloud_instance_name: new URL(base).host,
    }
  }
  app.get('/:tenant/v2.0/.well-known/openid-configuration', (context) =>
    context.json(openIdConfiguration(context.req.raw, requireTenant(context.req.param('tenant')))),
  )
  app.get('/:tenant/.well-known/openid-configuration', (context) =>
    context.json(openIdConfiguration(context.req.raw, requireTenant(context.req.param('tenant')))),
  )
  app.get('/:tenant/discovery/v2.0/keys', (context) =>
    context.json({ keys: [{ ...entra.key.publicJwk, kid: entra.key.keyId, x5t: entra.key.keyId, use: 'sig', alg: 'RS256' }] }),
  )

  const limit = bodyLimit({ maxSize: MAX_BODY })
  app.post('/:tenant/oauth2/v2.0/token', limit, async (context) => {
    requireTenant(context.req.param('tenant'))
    const form = new URLSearchParams(await context.req.text())
    const token = issue(form, context.req.header('authorization'), audienceOfScope(form))
    return context.json({ token_type: 'Bearer', expires_in: TOKEN_LIFETIME, ext_expires_in: TOKEN_LIFETIME, access_token: token })
  })
  // Version 1 names a resource; AD FS has the same path and names a scope.
  app.post('/:tenant/oauth2/token', limit, async (context) => {
    requireTenant(context.req.param('tenant'))
    const form = new URLSearchParams(await context.req.text())
    const resource = form.get('resource') ?? audienceOfScope(form)
    const token = issue(form, context.req.header('authorization'), resource)
    const expiresOn = Math.floor(entra.now() / 1000) + TOKEN_LIFETIME
    // Numbers are strings in version 1.
    return context.json({
      token_type: 'Bearer',
      expires_in: String(TOKEN_LIFETIME),
      ext_expires_in: String(TOKEN_LIFETIME),
      expires_on: String(expiresOn),
      not_before: String(expiresOn - TOKEN_LIFETIME),
      resource,
      access_token: token,
    })
  })

  function requireTenant(tenant: string): string {
    if (['common', 'organizations', AD_FS, directory.tenantId].includes(tenant.toLowerCase())) return tenant
    throw new TokenError(
      400,
      'invalid_request',
      90002,
      `Tenant '${tenant.slice(0, 100)}' not found. Check to make sure you have the correct tenant ID.`,
    )
  }

  function issue(form: URLSearchParams, authorization: string | undefined, audience: string): string {
    if (form.get('grant_type') !== 'client_credentials')
      throw new TokenError(
        400,
        'unsupported_grant_type',
        70003,
        `The app requested an unsupported grant type '${form.get('grant_type')?.slice(0, 50)}'.`,
      )
    const [clientId, secret] = credentials(form, authorization)
    const principal = directory.byClientId(clientId)
    if (principal?.kind !== 'Application')
      throw new TokenError(
        400,
        'unauthorized_client',
        700016,
        `Application with identifier '${clientId.slice(0, 100)}' was not found in the directory '${directory.tenantId}'.`,
      )
    const assertion = form.get('client_assertion')
    if (assertion !== null) {
      checkAssertion(clientId, assertion)
      return entra.tokens.issue(principal, audience)
    }
    if (secret === '')
      throw new TokenError(
        401,
        'invalid_client',
        7000216,
        "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
      )
    if (!directory.checkSecret(clientId, secret))
      throw new TokenError(
        401,
        'invalid_client',
        7000215,
        `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
      )
    return entra.tokens.issue(principal, audience)
  }

  /** Only a user-assigned identity can be trusted. */
  function checkAssertion(clientId: string, assertion: string): void {
    const shown = entra.tokens.authenticate(`Bearer ${assertion}`, TOKEN_EXCHANGE)
    if (!shown) throw new TokenError(401, 'invalid_client', 50027, 'JWT token is invalid or malformed.')
    const assigned = shown.kind === 'ManagedIdentity' && /\/userAssignedIdentities\//i.test(shown.identityId ?? '')
    if (!assigned || !directory.trusts(clientId, shown.objectId))
      throw new TokenError(
        401,
        'invalid_client',
        700213,
        `No matching federated identity record found for presented assertion subject '${shown.objectId}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.`,
      )
  }

  return app
}

/** `https://management.azure.com/.default` asks for a token whose audience is what stands before `/.default`. */
function audienceOfScope(form: URLSearchParams): string {
  const scope = form
    .get('scope')
    ?.split(' ')
    .find((one) => one.endsWith(DEFAULT_SCOPE))
  if (scope) return scope.slice(0, -DEFAULT_SCOPE.length)
  throw new TokenError(400, 'invalid_scope', 1002012, `The provided value for scope ${form.get('scope')?.slice(0, 200)} is not valid.`)
}

/** From the form, or from HTTP Basic. */
function credentials(form: URLSearchParams, authorization: string | undefined): [clientId: string, secret: string] {
  const basic = /^Basic ([\w+/=]+)$/i.exec(authorization ?? '')?.[1]
  if (!basic) return [form.get('client_id') ?? '', form.get('client_secret') ?? '']
  const text = Buffer.from(basic, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return [decodeURIComponent(text.slice(0, colon)), decodeURIComponent(text.slice(colon + 1))]
}
