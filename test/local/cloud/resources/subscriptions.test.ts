import { type GenericResourceExpanded, ResourceManagementClient } from '@azure/arm-resources'
import { widgetProvider } from '../arm/widgets.ts'
import { type TestCloud, testCloud, until } from '../sdk.ts'

describe('a subscription', () => {
  let cloud: TestCloud
  let client: ResourceManagementClient
  let widgets: string
  beforeAll(async () => {
    cloud = await testCloud({ providers: [widgetProvider] })
    client = new ResourceManagementClient(cloud.owner, cloud.landingZone.subscriptionId, cloud.clientOptions)
    widgets = `/subscriptions/${cloud.landingZone.subscriptionId}/resourceGroups/slipway/providers/Microsoft.Widgets/widgets`
    for (const [name, tags] of Object.entries({ a: { 'slipway-cluster': 'c1' }, b: { 'slipway-cluster': 'c2' }, c: {} }))
      await cloud.send('PUT', `${widgets}/${name}?api-version=2024-01-01`, { location: 'northeurope', tags })
  })
  afterAll(() => cloud.stop())

  const names = async (list: AsyncIterable<GenericResourceExpanded>) => {
    const found: string[] = []
    for await (const { name } of list) found.push(name ?? '')
    return found.sort()
  }

  it('is listed with its locations', async () => {
    const { subscriptionId } = cloud.landingZone
    expect((await cloud.send('GET', '/subscriptions?api-version=2022-12-01')).body.value).toMatchObject([
      { subscriptionId, state: 'Enabled' },
    ])
    expect((await cloud.send('GET', `/subscriptions/${subscriptionId}?api-version=2022-12-01`)).body.displayName).toBe(
      'Slipway local world',
    )
    const { body } = await cloud.send('GET', `/subscriptions/${subscriptionId}/locations?api-version=2022-12-01`)
    expect(body.value[0]).toMatchObject({ name: 'northeurope', displayName: 'North Europe' })
    expect((await cloud.send('GET', '/tenants?api-version=2022-12-01')).body.value).toMatchObject([
      { tenantId: cloud.landingZone.tenantId },
    ])
  })

  it('finds resources by tag, type, name and group', async () => {
    expect(await names(client.resources.list({ filter: "tagName eq 'slipway-cluster' and tagValue eq 'c1'" }))).toEqual(['a'])
    expect(await names(client.resources.list({ filter: "tagName eq 'SLIPWAY-cluster'" }))).toEqual(['a', 'b'])
    expect(await names(client.resources.list({ filter: "resourceType eq 'microsoft.widgets/widgets'" }))).toEqual(['a', 'b', 'c'])
    expect(await names(client.resources.list({ filter: "name eq 'b'" }))).toEqual(['b'])
    expect(await names(client.resources.listByResourceGroup('slipway'))).toEqual(['a', 'b', 'c'])
    expect(await names(client.resources.listByResourceGroup('network'))).toEqual([])
    await expect(names(client.resources.list({ filter: 'whatever' }))).rejects.toMatchObject({ code: 'InvalidFilterInQueryString' })
    await expect(names(client.resources.listByResourceGroup('none'))).rejects.toMatchObject({ code: 'ResourceGroupNotFound' })
  })

  it('shows in a list only what the caller may read', async () => {
    const own = new ResourceManagementClient(cloud.controlPlane, cloud.landingZone.subscriptionId, cloud.clientOptions)
    expect(await names(own.resources.list())).toEqual([])
  })

  it('merges, replaces and deletes tags', async () => {
    const scope = `${widgets}/c`
    const tags = async () => (await client.tagsOperations.getAtScope(scope)).properties.tags
    await client.tagsOperations.beginCreateOrUpdateAtScopeAndWait(scope, { properties: { tags: { a: '1', b: '2' } } })
    await client.tagsOperations.beginUpdateAtScopeAndWait(scope, { operation: 'Merge', properties: { tags: { b: '3', c: '4' } } })
    expect(await tags()).toEqual({ a: '1', b: '3', c: '4' })
    await client.tagsOperations.beginUpdateAtScopeAndWait(scope, { operation: 'Delete', properties: { tags: { b: '3', c: 'other' } } })
    expect(await tags()).toEqual({ a: '1', c: '4' })
    await client.tagsOperations.beginUpdateAtScopeAndWait(scope, { operation: 'Replace', properties: { tags: { z: '' } } })
    expect(await tags()).toEqual({ z: '' })
  })

  it('lists its providers and registers one', async () => {
    const { registrationState, resourceTypes } = await client.providers.get('microsoft.widgets')
    expect(registrationState).toBe('Registered')
    expect(resourceTypes).toMatchObject([
      { resourceType: 'widgets', apiVersions: ['2024-01-01', '2023-02-01-preview', '2023-01-01'] },
      { resourceType: 'widgets/gears' },
    ])
    await client.providers.unregister('Microsoft.Widgets')
    expect((await client.providers.get('Microsoft.Widgets')).registrationState).toBe('NotRegistered')
    await client.providers.register('Microsoft.Widgets')
    await until(async () => (await client.providers.get('Microsoft.Widgets')).registrationState === 'Registered')
    await expect(client.providers.get('Microsoft.Nothing')).rejects.toMatchObject({ code: 'InvalidResourceNamespace' })
  })

  it('takes everything in a group away with it', async () => {
    await client.resourceGroups.createOrUpdate('full', { location: 'northeurope' })
    const inside = `${widgets.replace('slipway', 'full')}/x?api-version=2024-01-01`
    await cloud.send('PUT', inside, { location: 'northeurope' })
    await client.resourceGroups.beginDeleteAndWait('full', { updateIntervalInMs: 5 })
    await client.resourceGroups.createOrUpdate('full', { location: 'northeurope' })
    expect((await cloud.send('GET', inside)).body.error.code).toBe('ResourceNotFound')
  })
})
