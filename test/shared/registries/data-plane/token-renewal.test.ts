import { ClientSecretCredential } from '@azure/identity'
import type { FakeClock } from '../../../../local/clock.ts'
import { assignRole } from '../../../../local/cloud/authorization/role-assignments.ts'
import { REGISTRY_SCOPE } from '../../../../shared/registries/data-plane/registry-auth.ts'
import { type RegistryWorld, standingRegistryWorld } from '../../../local/cloud/container-registry/registry-world.ts'
import { simulatorClient } from '../../../local/cloud/sdk.ts'
import { type Opened, openDataPlane } from './open.ts'

const SIGN_IN = ['POST /oauth2/exchange', 'POST /oauth2/token']

let world: RegistryWorld
let clock: FakeClock
afterEach(() => world.stop())

/** As the owner of the subscription, who is asked anew each time. */
function open(): Opened {
  const { url, landingZone } = world.cloud
  const { you, tenantId } = landingZone
  const token = async () => {
    const options = { httpClient: simulatorClient(url), disableInstanceDiscovery: true }
    return (await new ClientSecretCredential(tenantId, you.clientId, you.clientSecret, options).getToken(REGISTRY_SCOPE)).token
  }
  return openDataPlane({ url, loginServer: 'testregistry.azurecr.io', credential: { kind: 'entra', token }, clock, time: 1e9 })
}

async function made(knobs: object, properties?: object): Promise<Opened> {
  const made = await standingRegistryWorld(properties ? { properties } : {})
  world = made.world
  clock = made.clock
  await world.push('app', 'v1', {})
  await world.push('team/app', 'v1', {})
  await world.send('PUT', '/_slipway/knobs', { body: knobs, as: null })
  const { azure, landingZone } = world.cloud
  // The owner of a registry whose permissions are those of repositories has none at these.
  const contributor = { name: azure.uuid(), scope: world.id, role: '2efddaa5-3f1f-4df3-97df-af3f13818f4c', effectiveIn: 0 }
  azure.change(() => assignRole(azure, { ...contributor, principalId: landingZone.you.objectId }))
  return open()
}

describe.each([
  ['one token for everything', {}],
  ['tokens of repositories', { roleAssignmentMode: 'AbacRepositoryPermissions' }],
])('with %s', (_, properties) => {
  test('tokens are renewed before they end, the refresh token too, and nothing is ever refused', async () => {
    const registry = await made({ tokenSeconds: { access: 100, refresh: 250 } }, properties)
    const statuses = async () => (await Promise.all(['app', 'team/app'].map((name) => registry.repository(name)))).map(Boolean)
    for (let seconds = 0; seconds < 1000; seconds += 20) {
      expect(await statuses()).toEqual([true, true])
      clock.advance(20_000)
    }
    const [exchanges = 0, tokens = 0] = SIGN_IN.map((call) => registry.asked.filter((asked) => asked === call).length)
    // Of 100 seconds 75 are used and of 250 187, in steps of 20.
    expect(exchanges).toBe(5)
    expect(tokens).toBe(13)
    const { requests } = world.cloud.state() as { requests: Readonly<Record<string, Readonly<Record<string, number>>>> }
    expect(requests['Microsoft.ContainerRegistry/registries/readRepository']).toEqual({ 200: 100 })
    registry.close()
  })
})

test('tokens that were withdrawn are replaced', async () => {
  const registry = await made({})
  const { azure } = world.cloud
  expect(await registry.repository('app')).toBeDefined()
  clock.advance(60_000)
  const resource = azure.resources.get(world.id)
  if (!resource) throw new Error('no registry')
  // Whatever was signed with the former key is worth nothing.
  azure.change(() => azure.resources.put({ ...resource, hidden: { ...resource.hidden, signingKey: 'another' } }))
  expect(await registry.repository('app')).toBeDefined()
  registry.close()
})
