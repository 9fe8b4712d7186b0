import type { ManagedServiceIdentityClient } from '@azure/arm-msi'
import { clientsOf, GROUP, LOCATION, refusal } from '../compute/compute-world.ts'
import { type TestCloud, testCloud } from '../sdk.ts'

let cloud: TestCloud
let identities: ManagedServiceIdentityClient

beforeAll(async () => {
  cloud = await testCloud()
  identities = clientsOf(cloud).identities
})
afterAll(() => cloud.stop())

describe('a user-assigned identity', () => {
  test('has a service principal that can hold roles, as long as it is there', async () => {
    const made = await identities.userAssignedIdentities.createOrUpdate(GROUP, 'mine', { location: LOCATION, tags: { a: 'b' } })
    expect(made).toMatchObject({ location: LOCATION, tags: { a: 'b' }, tenantId: cloud.landingZone.tenantId })
    expect(cloud.azure.directory.byObjectId(made.principalId ?? '')).toMatchObject({
      kind: 'ManagedIdentity',
      clientId: made.clientId,
      identityId: made.id,
    })
    const again = await identities.userAssignedIdentities.createOrUpdate(GROUP, 'mine', { location: LOCATION })
    expect(again.principalId).toBe(made.principalId)

    await identities.userAssignedIdentities.delete(GROUP, 'mine')
    expect(await refusal(identities.userAssignedIdentities.get(GROUP, 'mine'))).toMatchObject({ status: 404, code: 'ResourceNotFound' })
    expect(cloud.azure.directory.byObjectId(made.principalId ?? '')).toBeUndefined()
  })

  test('of the landing zone is listed', async () => {
    const names: (string | undefined)[] = []
    for await (const { name } of identities.userAssignedIdentities.listByResourceGroup(GROUP)) names.push(name)
    expect(names).toContain(cloud.landingZone.identity)
  })
})
