import { ClientSecretCredential } from '@azure/identity'
import { fakeClock } from '../../../../local/clock.ts'
import { type TestCloud, testCloud } from '../sdk.ts'

describe('sign-in', () => {
  const clock = fakeClock(Date.now())
  let cloud: TestCloud
  beforeAll(async () => {
    cloud = await testCloud({ providers: [], clock })
  })
  afterAll(() => cloud.stop())

  const post = async (path: string, form: Record<string, string>, headers: Record<string, string> = {}) => {
    const response = await fetch(`${cloud.url}${path}`, { method: 'POST', body: new URLSearchParams(form), headers })
    return { status: response.status, body: JSON.parse(await response.text()) }
  }
  const form = (changes: Record<string, string> = {}) => ({
    grant_type: 'client_credentials',
    client_id: cloud.landingZone.you.clientId,
    client_secret: cloud.landingZone.you.clientSecret,
    scope: 'https://management.azure.com/.default',
    ...changes,
  })
  const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

  it('gives the real credential a token with the claims of an application', async () => {
    const { token, expiresOnTimestamp } = await cloud.owner.getToken('https://management.azure.com/.default')
    const { you, tenantId } = cloud.landingZone
    expect(claims(token)).toMatchObject({ aud: 'https://management.azure.com', appid: you.clientId, oid: you.objectId, tid: tenantId })
    expect(expiresOnTimestamp).toBeGreaterThan(Date.now() + 3_000_000)
  })

  it('works with instance discovery on', async () => {
    const { you, tenantId } = cloud.landingZone
    const credential = new ClientSecretCredential(tenantId, you.clientId, you.clientSecret, { httpClient: cloud.clientOptions.httpClient })
    expect((await credential.getToken('https://storage.azure.com/.default')).token).toContain('.')
  })

  it('knows the older endpoint, and HTTP Basic', async () => {
    const { you, tenantId } = cloud.landingZone
    const old = await post(`/${tenantId}/oauth2/token`, { ...form(), resource: 'https://management.core.windows.net/' })
    expect(old.body).toMatchObject({ token_type: 'Bearer', resource: 'https://management.core.windows.net/', expires_in: '3599' })
    expect((await cloud.request('GET', '/subscriptions?api-version=2022-12-01', { token: old.body.access_token })).status).toBe(200)
    const { client_id: _, client_secret: __, ...rest } = form()
    const basic = `Basic ${Buffer.from(`${you.clientId}:${you.clientSecret}`).toString('base64')}`
    expect((await post(`/${tenantId}/oauth2/v2.0/token`, rest, { Authorization: basic })).status).toBe(200)
  })

  it('signs tools in to a cloud of its own, as AD FS does', async () => {
    const { body: metadata } = await cloud.send('GET', '/metadata/endpoints?api-version=2015-01-01')
    expect(metadata.authentication.loginEndpoint).toBe(`${cloud.url}/adfs`)
    const { body: configuration } = await cloud.send('GET', '/adfs/.well-known/openid-configuration')
    const { body } = await post(new URL(configuration.token_endpoint).pathname, form({ scope: 'https://management.azure.com//.default' }))
    expect((await cloud.request('GET', '/subscriptions?api-version=2022-12-01', { token: body.access_token })).status).toBe(200)
  })

  it.each([
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
    ['no secret', { client_secret: '' }, 401, 'invalid_client', 7000216],
    ['an unknown application', { client_id: 'nobody' }, 400, 'unauthorized_client', 700016],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
    ['no scope', { scope: '' }, 400, 'invalid_scope', 1002012],
  ])('refuses %s in the words of Entra ID', async (_, changes, status, error, code) => {
    const refused = await post(`/${cloud.landingZone.tenantId}/oauth2/v2.0/token`, form(changes))
    expect(refused).toMatchObject({
      status,
      body: { error, error_codes: [code], error_description: expect.stringContaining(`AADSTS${code}`) },
    })
    expect(JSON.stringify(refused.body)).not.toContain(cloud.landingZone.you.clientSecret)
  })

  it('refuses an unknown tenant', async () => {
    expect((await post('/elsewhere/oauth2/v2.0/token', form())).body).toMatchObject({ error: 'invalid_request', error_codes: [90002] })
  })

  it('publishes the key that its tokens are signed with', async () => {
    const { body } = await cloud.send('GET', `/${cloud.landingZone.tenantId}/v2.0/.well-known/openid-configuration`)
    const keys = await (await fetch(body.jwks_uri)).json()
    expect(keys).toMatchObject({ keys: [{ kty: 'RSA', alg: 'RS256' }] })
  })

  it('gives managed identities theirs, and only to who asks as a machine does', async () => {
    const identity = { objectId: 'aaaaaaaa-0000-4000-8000-000000000001', clientId: 'aaaaaaaa-0000-4000-8000-000000000002' }
    cloud.azure.change(() => cloud.azure.directory.put({ ...identity, displayName: 'id', kind: 'ManagedIdentity', identityId: '/x/id' }))
    const path = '/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com/'
    expect((await cloud.send('GET', path)).status).toBe(400)
    const given = await cloud.send('GET', `${path}&client_id=${identity.clientId}`, undefined, { Metadata: 'true' })
    expect(claims(given.body.access_token).oid).toBe(identity.objectId)
    expect((await cloud.send('GET', `${path}&mi_res_id=/X/ID`, undefined, { Metadata: 'true' })).status).toBe(200)
    expect((await cloud.send('GET', `${path}&client_id=other`, undefined, { Metadata: 'true' })).status).toBe(400)
    const asApplication = await post(`/${cloud.landingZone.tenantId}/oauth2/v2.0/token`, form({ client_id: identity.clientId }))
    expect(asApplication.body.error).toBe('unauthorized_client')
  })

  it('ends with its token', async () => {
    const { body } = await post(`/${cloud.landingZone.tenantId}/oauth2/v2.0/token`, form())
    const status = async () => (await cloud.request('GET', '/subscriptions?api-version=2022-12-01', { token: body.access_token })).status
    expect(await status()).toBe(200)
    clock.advance(3_600_000)
    expect(await status()).toBe(401)
  })
})
