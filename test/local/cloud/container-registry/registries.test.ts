import { type TestCloud, testCloud, until } from '../sdk.ts'

describe('a container registry', () => {
  let cloud: TestCloud
  let registries: string
  beforeAll(async () => {
    cloud = await testCloud()
    registries = `/subscriptions/${cloud.landingZone.subscriptionId}/resourceGroups/slipway/providers/Microsoft.ContainerRegistry/registries`
  })
  afterAll(() => cloud.stop())
  const path = (name: string) => `${registries}/${name}?api-version=2023-07-01`

  it('is made, read and deleted', async () => {
    const made = await cloud.send('PUT', path('another1'), { location: 'northeurope', sku: { name: 'Standard' } })
    expect([made.status, made.body.properties.loginServer]).toEqual([201, 'another1.azurecr.io'])
    await until(async () => (await cloud.send('GET', path('another1'))).body.properties.provisioningState === 'Succeeded')
    expect((await cloud.send('DELETE', path('another1'))).status).toBe(200)
    expect((await cloud.send('GET', path('another1'))).status).toBe(404)
  })

  it('has a name that nobody else has', async () => {
    const elsewhere = path('slipwayregistry').replace('resourceGroups/slipway', 'resourceGroups/network')
    const taken = await cloud.send('PUT', elsewhere, { location: 'northeurope', sku: { name: 'Basic' } })
    expect([taken.status, taken.body.error.code]).toEqual([409, 'AlreadyInUse'])
    expect((await cloud.send('PUT', path('x'), { location: 'northeurope', sku: { name: 'Basic' } })).body.error.code).toBe(
      'InvalidResourceName',
    )
    expect((await cloud.send('PUT', path('another2'), { location: 'northeurope' })).body.error).toMatchObject({
      code: 'InvalidRequestContent',
      target: 'sku',
    })
  })
})
