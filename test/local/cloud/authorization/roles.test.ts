import { AuthorizationManagementClient, type RoleAssignment, type RoleDefinition } from '@azure/arm-authorization'
import { type TestCloud, testCloud } from '../sdk.ts'

const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
const guid = (digit: number) => `${digit}`.repeat(8).concat('-0000-4000-8000-000000000000')

describe('role definitions and assignments', () => {
  let cloud: TestCloud
  let client: AuthorizationManagementClient
  let subscription: string
  let group: string
  beforeAll(async () => {
    cloud = await testCloud({ providers: [] })
    client = new AuthorizationManagementClient(cloud.owner, cloud.landingZone.subscriptionId, cloud.clientOptions)
    subscription = `/subscriptions/${cloud.landingZone.subscriptionId}`
    group = `${subscription}/resourceGroups/slipway`
  })
  afterAll(() => cloud.stop())

  const definitions = async (filter?: string) => {
    const found: RoleDefinition[] = []
    for await (const role of client.roleDefinitions.list(subscription, filter === undefined ? {} : { filter })) found.push(role)
    return found
  }
  const assignments = async (scope: string, filter?: string) => {
    const found: RoleAssignment[] = []
    for await (const one of client.roleAssignments.listForScope(scope, filter === undefined ? {} : { filter })) found.push(one)
    return found
  }
  const assign = (scope: string, name: string, role = READER, principalId = cloud.landingZone.controlPlane.objectId) =>
    client.roleAssignments.create(scope, name, {
      roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principalId,
    })

  it('knows the built-in roles by name', async () => {
    const [owner, ...others] = await definitions("roleName eq 'Owner'")
    expect(others).toEqual([])
    expect(owner).toMatchObject({
      name: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
      roleType: 'BuiltInRole',
      permissions: [{ actions: ['*'] }],
    })
    expect((await definitions("type eq 'CustomRole'")).map(({ roleName }) => roleName)).toContain('Slipway control plane')
  })

  it('makes, changes, shows and deletes a custom role', async () => {
    const role = {
      roleName: 'Mine',
      description: 'x',
      assignableScopes: [group],
      permissions: [{ actions: ['Microsoft.Compute/*/read'], notActions: [], dataActions: [], notDataActions: [] }],
    }
    expect(await client.roleDefinitions.createOrUpdate(subscription, guid(1), role)).toMatchObject({
      name: guid(1),
      roleType: 'CustomRole',
    })
    expect(await client.roleDefinitions.createOrUpdate(subscription, guid(1), { ...role, description: 'y' })).toMatchObject({
      description: 'y',
    })
    await expect(client.roleDefinitions.createOrUpdate(subscription, guid(2), role)).rejects.toMatchObject({
      code: 'RoleDefinitionWithSameNameExists',
    })
    await assign(group, guid(1), guid(1))
    await expect(client.roleDefinitions.delete(subscription, guid(1))).rejects.toMatchObject({ code: 'RoleDefinitionHasAssignments' })
    await client.roleAssignments.delete(group, guid(1))
    await client.roleDefinitions.delete(subscription, guid(1))
    await expect(client.roleDefinitions.get(subscription, guid(1))).rejects.toMatchObject({ code: 'RoleDefinitionDoesNotExist' })
    await expect(client.roleDefinitions.delete(subscription, READER)).rejects.toMatchObject({ statusCode: 403 })
  })

  it('assigns once, and says why not twice', async () => {
    await assign(group, guid(3))
    expect((await assign(group, guid(3))).name).toBe(guid(3))
    await expect(assign(group, guid(4))).rejects.toMatchObject({ statusCode: 409, code: 'RoleAssignmentExists' })
    await expect(assign(group, guid(3), 'b24988ac-6180-42a0-ab88-20f7382dd24c')).rejects.toMatchObject({
      code: 'RoleAssignmentUpdateNotPermitted',
    })
    await expect(assign(group, 'no-guid')).rejects.toMatchObject({ code: 'InvalidRoleAssignmentId' })
    await expect(assign(group, guid(5), guid(9))).rejects.toMatchObject({ code: 'RoleDefinitionDoesNotExist' })
    await expect(assign(group, guid(5), READER, guid(9))).rejects.toMatchObject({ code: 'PrincipalNotFound' })
    await expect(assign(`${subscription}/resourceGroups/none`, guid(5))).rejects.toMatchObject({ code: 'ResourceGroupNotFound' })
  })

  it('lists above, at and below a scope, at and above only, and by principal', async () => {
    const { objectId } = cloud.landingZone.controlPlane
    await assign(group, guid(6), '7f951dda-4ed3-4680-a7ca-43fe172d538d')
    const names = (found: RoleAssignment[]) => found.map(({ name }) => name)
    expect(names(await assignments(subscription))).toContain(guid(6))
    expect(names(await assignments(subscription, 'atScope()'))).not.toContain(guid(6))
    expect(names(await assignments(group, `atScope() and assignedTo('${objectId}')`))).toContain(guid(6))
    expect(names(await assignments(group, `principalId eq '${cloud.landingZone.you.objectId}'`))).not.toContain(guid(6))
    await expect(assignments(group, 'color eq 1')).rejects.toMatchObject({ code: 'UnsupportedFilter' })
  })

  it('finds an assignment again by its id', async () => {
    const made = await assign(group, guid(7), 'c2f4ef07-c644-48eb-af81-4b1b4947fb11')
    expect((await client.roleAssignments.getById(made.id ?? '')).name).toBe(guid(7))
    await client.roleAssignments.deleteById(made.id ?? '')
    await expect(client.roleAssignments.getById(made.id ?? '')).rejects.toMatchObject({ code: 'RoleAssignmentNotFound' })
  })
})
