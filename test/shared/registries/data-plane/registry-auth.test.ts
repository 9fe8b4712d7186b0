import { createRegistryAuth } from '../../../../shared/registries/data-plane/registry-auth.ts'
import { registryWorld } from '../../../local/cloud/container-registry/registry-world.ts'
import { openDataPlane } from './open.ts'

const REPOSITORIES = Array.from({ length: 12 }, (_, number) => `app${number}`)
const WHOLE = ['registry:catalog:*', 'repository:*:pull,delete,metadata_read']

const jwt = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`

/** The token endpoints of a registry: what its refresh tokens say, and the access that it gives for the scopes asked (undefined: 401). */
function registryThat(refreshClaims: object, access: (scopes: readonly string[]) => object | undefined) {
  const asked: (readonly string[])[] = []
  const post = async (path: string, form: URLSearchParams) => {
    if (path === '/oauth2/exchange') return answer(200, { refresh_token: jwt(refreshClaims) })
    const scopes = form.getAll('scope')
    asked.push(scopes)
    const claims = access(scopes)
    return claims ? answer(200, { access_token: jwt({ number: asked.length, ...claims }) }) : answer(401, {})
  }
  const auth = createRegistryAuth('r.azurecr.io', { kind: 'entra', token: async () => 'aad' }, post, { now: () => 0 })
  return { auth, asked }
}

const answer = (status: number, body: object) => ({ status, headers: {}, body: Buffer.from(JSON.stringify(body)) })
const perRepository = [REPOSITORIES.slice(0, 10), REPOSITORIES.slice(10)].map((names) =>
  names.map((name) => `repository:${name}:pull,delete,metadata_read`),
)

test('one token serves the catalog and every repository', async () => {
  // Slow enough for a token not to end between two calls.
  const world = await registryWorld({ cloud: { speed: 500 } })
  for (const repository of REPOSITORIES) await world.push(repository, 'v1')
  const token = async () => (await world.cloud.owner.getToken('https://containerregistry.azure.net/.default')).token
  const registry = openDataPlane({ url: world.cloud.url, loginServer: `${world.name}.azurecr.io`, credential: { kind: 'entra', token } })
  expect((await registry.repositories()).names).toHaveLength(REPOSITORIES.length)
  const listed = await Promise.all(REPOSITORIES.map(async (name) => (await registry.manifests(name))?.manifests.length))
  expect(listed).toEqual(REPOSITORIES.map(() => 1))
  expect(registry.asked.filter((call) => call.startsWith('POST'))).toEqual(['POST /oauth2/exchange', 'POST /oauth2/token'])
  registry.close()
  await world.stop()
})

test.each([
  ['its refresh tokens say that permissions are those of repositories', { aad_identity: 'me' }, () => ({}), perRepository],
  [
    'it refuses one for everything',
    {},
    (scopes: readonly string[]) => (scopes.includes(WHOLE[1] ?? '') ? undefined : {}),
    [WHOLE, ...perRepository],
  ],
  [
    'what it gives for everything has not all rights',
    {},
    () => ({ access: [{ type: 'repository', name: '*', actions: ['pull'] }] }),
    [WHOLE, ...perRepository],
  ],
])('tokens name their repositories, ten at once, where %s', async (_, refresh, access, scopes) => {
  const { auth, asked } = registryThat(refresh, access)
  await Promise.all(REPOSITORIES.map((name) => auth.header(name)))
  expect(asked).toEqual(scopes)
})

test('a token for everything that one repository refuses is given up', async () => {
  const { auth, asked } = registryThat({}, () => ({}))
  const refused = await auth.header('app')
  auth.refused('app', refused)
  expect(await auth.header('app')).not.toBe(refused)
  expect(asked).toEqual([WHOLE, ['repository:app:pull,delete,metadata_read']])
})
