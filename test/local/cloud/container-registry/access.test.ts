import { effectiveAssignments } from '../../../../local/cloud/authorization/access.ts'
import { until } from '../sdk.ts'
import { basic, type RegistryWorld, registryWorld } from './registry-world.ts'

/** Slow enough for a token not to end between two calls. */
const cloud = { speed: 500 }

const SERVER = 'testregistry.azurecr.io'
const TOKEN_USER = '00000000-0000-0000-0000-000000000000'

let world: RegistryWorld
beforeAll(async () => {
  world = await registryWorld({ cloud })
  await world.push('app', 'v1')
})
afterAll(() => world.stop())

type Credential = RegistryWorld['cloud']['owner']

async function aadToken(credential: Credential, audience = 'https://containerregistry.azure.net'): Promise<string> {
  return (await credential.getToken(`${audience}/.default`)).token
}

const form = (members: Record<string, string>) => ({
  body: new URLSearchParams(members).toString(),
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  as: null,
})
const exchange = (access_token: string, to = world) =>
  to.send('POST', '/oauth2/exchange', form({ grant_type: 'access_token', service: SERVER, access_token }))
const access = (refresh_token: string, scope: string, to = world) =>
  to.send('POST', '/oauth2/token', form({ grant_type: 'refresh_token', service: SERVER, scope, refresh_token }))

async function bearer(credential: Credential, scope: string, to = world): Promise<string> {
  const refresh = await exchange(await aadToken(credential), to)
  return `Bearer ${(await access(refresh.body.refresh_token, scope, to)).body.access_token}`
}

const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

const authorization = (to: RegistryWorld, name: string) => `${to.id}/providers/Microsoft.Authorization/${name}?api-version=2022-04-01`

/** An application with one custom role at the registry. */
async function principalWith(to: RegistryWorld, permission: { actions?: string[]; dataActions?: string[] }): Promise<Credential> {
  const { azure, landingZone } = to.cloud
  const role = azure.uuid()
  await to.cloud.send('PUT', authorization(to, `roleDefinitions/${role}`), {
    properties: {
      roleName: `role ${role}`,
      type: 'CustomRole',
      assignableScopes: [`/subscriptions/${landingZone.subscriptionId}`],
      permissions: [permission],
    },
  })
  return principalAs(to, role)
}

/** An application with a role at the registry. */
async function principalAs(to: RegistryWorld, role: string, condition?: object): Promise<Credential> {
  const { azure } = to.cloud
  const objectId = azure.uuid()
  azure.change(() =>
    azure.directory.put({ objectId, clientId: objectId, displayName: 'tester', kind: 'ManagedIdentity', identityId: `/${objectId}` }),
  )
  const roleDefinitionId = `${to.id}/providers/Microsoft.Authorization/roleDefinitions/${role}`
  const assigned = await to.cloud.send('PUT', authorization(to, `roleAssignments/${azure.uuid()}`), {
    properties: { roleDefinitionId, principalId: objectId, ...condition },
  })
  if (assigned.status !== 201) throw new Error(JSON.stringify(assigned.body))
  await until(() => effectiveAssignments(azure, objectId, to.id).length > 0)
  const getToken = async (scope: string | string[]) => {
    const resource = String(scope).replace('/.default', '')
    const url = `${to.cloud.url}/metadata/identity/oauth2/token?resource=${encodeURIComponent(resource)}&object_id=${objectId}`
    const { access_token } = (await (await fetch(url, { headers: { Metadata: 'true', Host: '169.254.169.254' } })).json()) as {
      access_token: string
    }
    return { token: access_token, expiresOnTimestamp: 0 }
  }
  return { getToken } as unknown as Credential
}

test('without credentials a request learns which token it needs', async () => {
  const pull = await world.send('GET', '/v2/app/manifests/v1', { as: null })
  expect(pull.status).toBe(401)
  expect(pull.headers['www-authenticate']).toBe(
    `Bearer realm="https://${SERVER}/oauth2/token",service="${SERVER}",scope="repository:app:pull"`,
  )
  expect(pull.body.errors).toEqual([
    {
      code: 'UNAUTHORIZED',
      message: expect.stringContaining('authentication required, visit https://aka.ms/acr/authorization'),
      detail: [{ Type: 'repository', Name: 'app', Action: 'pull' }],
    },
  ])
  expect(pull.headers['docker-distribution-api-version']).toBe('registry/2.0')
  const scopeOf = async (method: string, path: string) =>
    /scope="(.+?)"/.exec(String((await world.send(method, path, { as: null })).headers['www-authenticate']))?.[1]
  expect(await scopeOf('GET', '/v2/')).toBeUndefined()
  expect(await scopeOf('GET', '/acr/v1/_catalog')).toBe('registry:catalog:*')
  expect(await scopeOf('GET', '/acr/v1/app/_manifests')).toBe('repository:app:metadata_read')
  expect(await scopeOf('PATCH', '/acr/v1/app')).toBe('repository:app:metadata_write')
  expect(await scopeOf('DELETE', '/v2/app/manifests/sha256:0')).toBe('repository:app:delete')
  expect(await scopeOf('POST', '/v2/app/blobs/uploads/')).toBe('repository:app:pull,push')
})

test('a token of Entra ID is exchanged, and its life times are those of the registry', async () => {
  const refresh = (await exchange(await aadToken(world.cloud.owner))).body.refresh_token
  const { exp, iat } = claims(refresh)
  expect(exp - iat).toBe(11_700)
  const { status, body } = await access(refresh, 'repository:app:pull,metadata_read registry:catalog:*')
  const token = claims(body.access_token)
  expect([status, token.exp - token.iat]).toEqual([200, 4_500])
  expect(token.access).toEqual([
    { type: 'repository', name: 'app', actions: ['pull', 'metadata_read'] },
    { type: 'registry', name: 'catalog', actions: ['*'] },
  ])
  const as = `Bearer ${body.access_token}`
  for (const path of ['/v2/app/manifests/v1', '/acr/v1/app/_manifests', '/acr/v1/_catalog', '/v2/'])
    expect((await world.send('GET', path, { as })).status).toBe(200)
  expect((await world.send('GET', '/v2/', { as: basic(TOKEN_USER, refresh) })).status).toBe(200)
})

test('a token lacks what it was not asked for, and is good for no other registry', async () => {
  const as = await bearer(world.cloud.owner, 'repository:app:pull')
  const lacking = await world.send('DELETE', '/acr/v1/app/_tags/v1', { as })
  expect([lacking.status, lacking.headers['www-authenticate']]).toEqual([401, expect.stringContaining('error="invalid_token"')])
  expect((await world.send('GET', '/v2/other/manifests/v1', { as })).status).toBe(401)
  const elsewhere = await world.send('GET', '/v2/', { as, headers: { Host: 'slipwayregistry.azurecr.io' } })
  expect(elsewhere.status).toBe(401)
  const tampered = `${as.slice(0, -4)}AAAA`
  expect((await world.send('GET', '/v2/', { as: tampered })).status).toBe(401)
  const refresh = (await exchange(await aadToken(world.cloud.owner))).body.refresh_token
  expect((await world.send('GET', '/v2/', { as: `Bearer ${refresh}` })).status).toBe(401)
})

test('several repositories fit in one token, all of them in a wildcard', async () => {
  const wildcard = await bearer(world.cloud.owner, 'registry:catalog:* repository:*:*')
  expect((await world.send('GET', '/v2/app/manifests/v1', { as: wildcard })).status).toBe(200)
  const two = await bearer(world.cloud.owner, 'repository:one:pull repository:app:pull')
  expect((await world.send('GET', '/v2/app/manifests/v1', { as: two })).status).toBe(200)
})

test('roles give what they give: pulling alone does not delete, deleting alone does not list', async () => {
  const puller = await principalWith(world, { actions: ['Microsoft.ContainerRegistry/registries/pull/read'] })
  const deleter = await principalWith(world, { actions: ['Microsoft.ContainerRegistry/registries/artifacts/delete'] })
  const all = 'repository:app:pull,push,delete,metadata_read,metadata_write'
  const given = async (credential: Credential) => claims(await bearer(credential, all)).access[0].actions
  expect(await given(puller)).toEqual(['pull', 'metadata_read'])
  expect(await given(deleter)).toEqual(['delete'])
  const refresh = (await exchange(await aadToken(deleter))).body.refresh_token
  expect((await access(refresh, 'repository:app:pull')).status).toBe(401)
})

test('a token for ARM is taken until the policy forbids it', async () => {
  const arm = await aadToken(world.cloud.owner, 'https://management.azure.com')
  expect((await exchange(arm)).status).toBe(200)
  await world.arm('PATCH', '', { properties: { policies: { azureADAuthenticationAsArmPolicy: { status: 'disabled' } } } })
  expect((await exchange(arm)).status).toBe(401)
  expect((await exchange(await aadToken(world.cloud.owner))).status).toBe(200)
  expect((await exchange('nonsense')).status).toBe(401)
})

test('the admin signs in by password while there is an admin', async () => {
  expect((await world.send('GET', '/v2/')).status).toBe(200)
  expect((await world.send('GET', '/v2/', { as: basic('testregistry', 'wrong') })).status).toBe(401)
  const byPassword = await world.send('GET', `/oauth2/token?service=${SERVER}&scope=repository:app:pull`)
  expect((await world.send('GET', '/v2/app/manifests/v1', { as: `Bearer ${byPassword.body.access_token}` })).status).toBe(200)
  await world.arm('PATCH', '', { properties: { adminUserEnabled: false } })
  expect((await world.send('GET', '/v2/')).status).toBe(401)
  expect((await world.arm('POST', '/listCredentials')).status).toBe(400)
  await world.arm('PATCH', '', { properties: { adminUserEnabled: true } })
  const { body } = await world.arm('POST', '/regenerateCredential', { name: 'password' })
  expect(basic('testregistry', body.passwords[0].value)).not.toBe(world.admin)
  expect((await world.send('GET', '/v2/')).status).toBe(401)
  expect((await world.send('GET', '/v2/', { as: basic('testregistry', body.passwords[1].value) })).status).toBe(200)
})

describe('a registry', () => {
  let own: RegistryWorld
  afterEach(() => own.stop())

  test('that lets anybody pull', async () => {
    own = await registryWorld({ cloud, properties: { anonymousPullEnabled: true } })
    await own.push('app', 'v1')
    const anonymous = await own.send(
      'POST',
      '/oauth2/token',
      form({ grant_type: 'password', service: SERVER, scope: 'repository:app:pull,push' }),
    )
    expect(claims(anonymous.body.access_token).access).toEqual([{ type: 'repository', name: 'app', actions: ['pull'] }])
    expect((await own.send('GET', '/v2/app/manifests/v1', { as: `Bearer ${anonymous.body.access_token}` })).status).toBe(200)
    expect((await own.send('GET', '/v2/app/manifests/v1', { as: null })).status).toBe(401)
  })

  test('with permissions of repositories: roles of the whole registry and wildcards give nothing', async () => {
    own = await registryWorld({ cloud, properties: { roleAssignmentMode: 'AbacRepositoryPermissions' } })
    await own.push('app', 'v1')
    const data = 'Microsoft.ContainerRegistry/registries'
    const legacy = await principalWith(own, { actions: [`${data}/pull/read`, `${data}/artifacts/delete`] })
    const cleaner = await principalWith(own, {
      dataActions: [`${data}/repositories/content/read`, `${data}/repositories/content/delete`, `${data}/repositories/metadata/read`],
    })
    const refresh = (await exchange(await aadToken(cleaner), own)).body.refresh_token
    expect(claims(refresh).aad_identity).toEqual(expect.any(String))
    expect((await access(refresh, 'repository:*:*', own)).status).toBe(401)
    expect((await access(refresh, 'registry:catalog:*', own)).status).toBe(401)
    const token = (await access(refresh, 'repository:app:*', own)).body.access_token
    expect(claims(token).access[0].actions).toEqual(['pull', 'delete', 'metadata_read'])
    const other = (await exchange(await aadToken(legacy), own)).body.refresh_token
    expect((await access(other, 'repository:app:pull', own)).status).toBe(401)
  })

  test('with permissions of repositories: built-in roles give theirs, where the condition of the assignment is met', async () => {
    own = await registryWorld({ cloud, properties: { roleAssignmentMode: 'AbacRepositoryPermissions' } })
    const actions = ['content/read', 'content/delete'].map((action) => `Microsoft.ContainerRegistry/registries/repositories/${action}`)
    const condition = `((${actions.map((action) => `!(ActionMatches{'${action}'})`).join(' AND ')}) OR (${[
      "@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringStartsWithIgnoreCase 'team/'",
      "@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringEqualsIgnoreCase 'App'",
    ].join(' OR ')}))`
    const contributor = '2efddaa5-3f1f-4df3-97df-af3f13818f4c'
    const limited = await principalAs(own, contributor, { condition, conditionVersion: '2.0' })
    const given = async (repository: string, credential = limited) =>
      claims(await bearer(credential, `repository:${repository}:*`, own)).access[0].actions
    expect(await given('team/app')).toEqual(['pull', 'push', 'delete', 'metadata_read', 'metadata_write'])
    expect(await given('app')).toContain('delete')
    // What the condition does not name is given everywhere.
    expect(await given('other')).toEqual(['push', 'metadata_read', 'metadata_write'])
    expect(await given('other', await principalAs(own, contributor))).toContain('delete')

    const lister = await principalAs(own, 'bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7')
    const refresh = (await exchange(await aadToken(lister), own)).body.refresh_token
    expect((await access(refresh, 'registry:catalog:*', own)).status).toBe(200)
    expect((await access(refresh, 'repository:app:metadata_read', own)).status).toBe(401)
  })

  test('with a token of its own: the scope map decides, the password ends', async () => {
    own = await registryWorld({ cloud })
    await own.push('team/app', 'v1')
    await own.push('other', 'v1')
    const actions = ['repositories/team/*/content/read', 'repositories/team/*/metadata/read']
    expect((await own.arm('PUT', '/scopeMaps/readers', { properties: { actions } })).status).toBe(201)
    expect((await own.arm('PUT', '/tokens/build', { properties: { scopeMapId: `${own.id}/scopeMaps/readers` } })).status).toBe(201)
    const made = await own.arm('POST', '/generateCredentials', { tokenId: `${own.id}/tokens/build`, name: 'password1' })
    const as = basic('build', made.body.passwords[0].value)
    expect((await own.send('GET', '/v2/team/app/manifests/v1', { as })).status).toBe(200)
    expect((await own.send('GET', '/v2/other/manifests/v1', { as })).status).toBe(401)
    expect((await own.send('DELETE', '/acr/v1/team/app', { as })).status).toBe(401)
    const { digest } = await own.pushBlob('other', 'not for the team')
    const writing = { properties: { actions: [...actions, 'repositories/team/*/content/write'] } }
    await own.arm('PUT', '/scopeMaps/readers', writing)
    expect((await own.send('POST', `/v2/team/app/blobs/uploads/?mount=${digest}&from=other`, { as })).status).toBe(202)
    expect((await own.arm('DELETE', '/scopeMaps/readers')).body.error.code).toBe('ScopeMapInUse')
    await own.arm('PUT', '/tokens/build', { properties: { scopeMapId: `${own.id}/scopeMaps/readers`, status: 'disabled' } })
    expect((await own.send('GET', '/v2/', { as })).status).toBe(401)
  })
})
