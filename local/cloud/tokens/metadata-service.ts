import { Hono } from 'hono'
import { sameId } from '../arm/resource-id.ts'
import { type AccessTokens, TOKEN_LIFETIME } from './access-token.ts'
import type { TenantDirectory } from './directory.ts'

/** The instance metadata service's tokens of managed identities. It trusts whoever reaches it, as in a VM: it listens on the loopback alone. */
export function metadataService(directory: TenantDirectory, tokens: AccessTokens, now: () => number): Hono {
  const app = new Hono()
  app.get('/metadata/identity/oauth2/token', (context) => {
    const refuse = (error: string, description: string) => context.json({ error, error_description: description }, 400)
    // Against requests that a page or a proxy was talked into: neither can set the header.
    if (context.req.header('metadata')?.toLowerCase() !== 'true' || context.req.header('x-forwarded-for') !== undefined)
      return refuse('bad_request_102', 'Required metadata header not specified')
    const resource = context.req.query('resource')
    if (!resource) return refuse('invalid_request', 'Required query variable "resource" is missing')

    const { client_id: clientId, object_id: objectId, mi_res_id: identityId, msi_res_id: oldIdentityId } = context.req.query()
    const wanted = identityId ?? oldIdentityId
    const identities = directory.all().filter(({ kind }) => kind === 'ManagedIdentity')
    const found = identities.filter(
      (principal) =>
        (clientId === undefined || principal.clientId === clientId) &&
        (objectId === undefined || principal.objectId === objectId) &&
        (wanted === undefined || sameId(principal.identityId ?? '', wanted)),
    )
    const [identity] = found
    if (!identity) return refuse('invalid_request', 'Identity not found')
    if (found.length > 1)
      return refuse(
        'invalid_request',
        'Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request',
      )
    const expiresOn = Math.floor(now() / 1000) + TOKEN_LIFETIME
    return context.json({
      access_token: tokens.issue(identity, resource),
      client_id: identity.clientId,
      expires_in: String(TOKEN_LIFETIME),
      expires_on: String(expiresOn),
      ext_expires_in: String(TOKEN_LIFETIME),
      not_before: String(expiresOn - TOKEN_LIFETIME),
      resource,
      token_type: 'Bearer',
    })
  })
  return app
}
