import { AuthorizationManagementClient } from '@azure/arm-authorization'
import { ResourceManagementClient } from '@azure/arm-resources'
import { fakeClock } from '../../../../local/clock.ts'
import { widgetProvider } from '../arm/widgets.ts'
import { type TestCloud, testCloud } from '../sdk.ts'

const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'

describe('role-based access', () => {
  const clock = fakeClock(Date.now())
  let cloud: TestCloud
  let roles: AuthorizationManagementClient
  let subscription: string
  let group: string
  let principal: string
  beforeAll(async () => {
    cloud = await testCloud({ providers: [widgetProvider], clock })
    roles = new AuthorizationManagementClient(cloud.owner, cloud.landingZone.subscriptionId, cloud.clientOptions)
    subscription = `/subscriptions/${cloud.landingZone.subscriptionId}`
    group = `${subscription}/resourceGroups/slipway`
    principal = cloud.landingZone.controlPlane.objectId
    await cloud.send('PUT', `${group}/providers/Microsoft.Widgets/widgets/one?api-version=2024-01-01`, { location: 'northeurope' })
  })
  afterAll(() => cloud.stop())

  const asControlPlane = async (method: string, path: string, body?: unknown) => {
    const { token } = await cloud.controlPlane.getToken('https://management.azure.com/.default')
    const response = await cloud.request(method, `${path}?api-version=2024-01-01`, { token, body })
    return { status: response.status, error: ((await response.json()) as { error?: { code: string; message: string } }).error }
  }
  const widget = () => `${group}/providers/Microsoft.Widgets/widgets/one`

  it('refuses with the sentence that clients read', async () => {
    const { clientId, objectId } = cloud.landingZone.controlPlane
    expect(await asControlPlane('GET', widget())).toEqual({
      status: 403,
      error: {
        code: 'AuthorizationFailed',
        message: `The client '${clientId}' with object id '${objectId}' does not have authorization to perform action 'Microsoft.Widgets/widgets/read' over scope '${widget()}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
      },
    })
  })

  it('says 403, not 404, about a group that the caller may not see', async () => {
    expect((await asControlPlane('GET', `${subscription}/resourceGroups/other/providers/Microsoft.Widgets/widgets/x`)).error?.code).toBe(
      'AuthorizationFailed',
    )
  })

  it('lets in after an assignment, and only a while after', async () => {
    const name = '11111111-1111-4111-8111-111111111111'
    const made = await roles.roleAssignments.create(group, name, {
      roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${READER}`,
      principalId: principal,
      principalType: 'ServicePrincipal',
    })
    expect(made).toMatchObject({ name, scope: group, principalId: principal, principalType: 'ServicePrincipal' })
    expect((await asControlPlane('GET', widget())).status).toBe(403)
    clock.advance(60_000)
    expect((await asControlPlane('GET', widget())).status).toBe(200)

    await roles.roleAssignments.delete(group, name)
    expect((await asControlPlane('GET', widget())).status).toBe(200)
    clock.advance(60_000)
    expect((await asControlPlane('GET', widget())).status).toBe(403)
  })

  it('asks for the right to use what a write names', async () => {
    await cloud.send('PUT', '/_slipway/roles', { roleName: 'Slipway control plane', add: ['Microsoft.Widgets/widgets/write'] })
    const gear = `${widget()}/gears/g`
    const body = { location: 'northeurope', properties: { gear } }
    const refused = await asControlPlane('PUT', widget(), body)
    expect([refused.status, refused.error?.code]).toEqual([403, 'LinkedAuthorizationFailed'])
    expect(refused.error?.message).toContain(`action(s) 'Microsoft.Widgets/gears/join/action' on the linked scope(s) '${gear}'`)
    await cloud.send('PUT', '/_slipway/roles', { roleName: 'Slipway control plane', add: ['Microsoft.Widgets/gears/join/action'] })
    expect((await asControlPlane('PUT', widget(), body)).status).toBe(200)
  })

  it('takes an action away from a role at once', async () => {
    await cloud.send('PUT', '/_slipway/roles', { roleName: 'Slipway control plane', add: ['Microsoft.Widgets/widgets/read'] })
    expect((await asControlPlane('GET', widget())).status).toBe(200)
    await cloud.send('PUT', '/_slipway/roles', { roleName: 'Slipway control plane', remove: ['microsoft.widgets/widgets/READ'] })
    expect((await asControlPlane('GET', widget())).status).toBe(403)
  })

  it('lists over the subscription what the caller may read', async () => {
    const client = new ResourceManagementClient(cloud.controlPlane, cloud.landingZone.subscriptionId, cloud.clientOptions)
    await new ResourceManagementClient(cloud.owner, cloud.landingZone.subscriptionId, cloud.clientOptions).resourceGroups.createOrUpdate(
      'private',
      {
        location: 'eastus',
      },
    )
    const names: (string | undefined)[] = []
    for await (const { name } of client.resourceGroups.list()) names.push(name)
    expect(names.sort()).toEqual(['network', 'slipway'])
    const { status } = await asControlPlane('GET', `${subscription}/providers/Microsoft.Widgets/widgets`)
    expect(status).toBe(403)
  })

  it('tells the caller what he may do', async () => {
    const own = new AuthorizationManagementClient(cloud.controlPlane, cloud.landingZone.subscriptionId, cloud.clientOptions)
    const actions: string[] = []
    for await (const permission of own.permissions.listForResourceGroup('slipway')) actions.push(...(permission.actions ?? []))
    expect(actions).toEqual(expect.arrayContaining(['Microsoft.Compute/virtualMachines/write', 'Microsoft.Compute/skus/read']))
    for await (const permission of roles.permissions.listForResourceGroup('slipway')) expect(permission.actions).toEqual(['*'])
  })
})
