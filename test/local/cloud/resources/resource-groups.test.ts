import { ResourceManagementClient } from '@azure/arm-resources'
import { type TestCloud, testCloud } from '../sdk.ts'

describe('resource groups', () => {
  let cloud: TestCloud
  let client: ResourceManagementClient
  beforeAll(async () => {
    cloud = await testCloud()
    client = new ResourceManagementClient(cloud.owner, cloud.landingZone.subscriptionId, cloud.clientOptions)
  })
  afterAll(() => cloud.stop())

  it('makes, shows, tags and lists a group', async () => {
    const made = await client.resourceGroups.createOrUpdate('Alpha', { location: 'West Europe', tags: { team: 'x' } })
    expect(made).toMatchObject({
      name: 'Alpha',
      location: 'westeurope',
      tags: { team: 'x' },
      properties: { provisioningState: 'Succeeded' },
    })
    expect(made.id).toBe(`/subscriptions/${cloud.landingZone.subscriptionId}/resourceGroups/Alpha`)
    expect(made.type).toBe('Microsoft.Resources/resourceGroups')
    expect((await client.resourceGroups.get('ALPHA')).name).toBe('Alpha')
    expect(await client.resourceGroups.checkExistence('alpha')).toMatchObject({ body: true })
    expect((await client.resourceGroups.update('alpha', { tags: { team: 'y' } })).tags).toEqual({ team: 'y' })
    const names: (string | undefined)[] = []
    for await (const group of client.resourceGroups.list()) names.push(group.name)
    expect(names).toEqual(expect.arrayContaining(['Alpha', 'slipway', 'network']))
  })

  it('deletes a group and says 404 afterwards', async () => {
    await client.resourceGroups.createOrUpdate('gone', { location: 'westeurope' })
    await client.resourceGroups.beginDeleteAndWait('gone', { updateIntervalInMs: 5 })
    await expect(client.resourceGroups.get('gone')).rejects.toMatchObject({ statusCode: 404, code: 'ResourceGroupNotFound' })
    expect(await client.resourceGroups.checkExistence('gone')).toMatchObject({ body: false })
  })

  it('keeps a group in its location', async () => {
    await client.resourceGroups.createOrUpdate('fixed', { location: 'westeurope' })
    await expect(client.resourceGroups.createOrUpdate('fixed', { location: 'eastus' })).rejects.toMatchObject({
      statusCode: 409,
      code: 'InvalidResourceGroupLocation',
    })
    await expect(client.resourceGroups.createOrUpdate('nowhere', { location: 'atlantis' })).rejects.toMatchObject({
      code: 'LocationNotAvailableForResourceGroup',
    })
  })
})
