import { GROUP, location, type NetworkWorld, networkWorld, soon } from './network-client.ts'

let world: NetworkWorld
beforeAll(async () => {
  world = await networkWorld()
})
afterAll(() => world.cloud.stop())

const quota = (name: string, limit: number) => world.cloud.request('PUT', '/_slipway/quota', { body: { location, name, limit } })

test('a standard address is allocated and named', async () => {
  const made = await world.makeAddress('named', 'slipway-demo')
  expect(made).toMatchObject({
    sku: { name: 'Standard', tier: 'Regional' },
    publicIPAllocationMethod: 'Static',
    ipAddress: expect.stringMatching(/^20\.\d+\.\d+\.\d+$/),
    dnsSettings: { fqdn: 'slipway-demo.northeurope.cloudapp.azure.com' },
  })
  expect(await world.makeAddress('named', 'slipway-demo')).toMatchObject({ ipAddress: (made as { ipAddress: string }).ipAddress })
})

test('a name belongs to one address of a region', async () => {
  await world.makeAddress('first', 'only-one')
  await expect(world.makeAddress('second', 'only-one')).rejects.toMatchObject({
    statusCode: 400,
    code: 'DnsRecordInUse',
    message: 'DNS record only-one.northeurope.cloudapp.azure.com is already used by another public IP.',
  })
  expect(await world.client.checkDnsNameAvailability(location, 'only-one')).toMatchObject({ available: false })
  expect(await world.client.checkDnsNameAvailability(location, 'another')).toMatchObject({ available: true })
  await expect(world.makeAddress('second', 'Not A Name')).rejects.toMatchObject({ code: 'InvalidDomainNameLabel' })
})

test('what Azure does not give: a dynamic Standard address, a zone that is not there, any Basic address', async () => {
  const make = (rest: object) => world.client.publicIPAddresses.beginCreateOrUpdateAndWait(GROUP, 'refused', { location, ...rest }, soon)
  await expect(make({ sku: { name: 'Standard' } })).rejects.toMatchObject({ code: 'StandardSkuPublicIPAddressesMustBeStatic' })
  await expect(make({ sku: { name: 'Standard' }, publicIPAllocationMethod: 'Static', zones: ['9'] })).rejects.toMatchObject({
    code: 'InvalidAvailabilityZone',
  })
  await expect(make({})).rejects.toMatchObject({
    code: 'IPv4BasicSkuPublicIpCountLimitReached',
    message: 'Cannot create more than 0 IPv4 Basic SKU public IP addresses for this subscription in this region.',
  })
})

test('a dynamic Basic address is there only while a machine uses it', async () => {
  await quota('IPv4BasicSkuPublicIpAddresses', 1)
  await world.client.publicIPAddresses.beginCreateOrUpdateAndWait(GROUP, 'basic', { location }, soon)
  await world.makeNetwork('basic-network')
  await world.makeInterface('basic-interface', 'basic-network', { publicIP: 'basic' })
  expect((await world.client.publicIPAddresses.get(GROUP, 'basic')).ipAddress).toBeUndefined()
  world.attach('basic-machine', 'basic-interface')
  expect((await world.client.publicIPAddresses.get(GROUP, 'basic')).ipAddress).toMatch(/^20\./)
})

test('an address in use shows its holder, is not given to another and not deleted', async () => {
  await world.makeAddress('held')
  await world.makeNetwork('held-network')
  await world.makeInterface('holder', 'held-network', { publicIP: 'held' })
  const holder = world.id('networkInterfaces/holder/ipConfigurations/primary')
  expect(await world.client.publicIPAddresses.get(GROUP, 'held')).toMatchObject({ ipConfiguration: { id: holder } })
  await expect(world.makeInterface('taker', 'held-network', { publicIP: 'held' })).rejects.toMatchObject({
    statusCode: 400,
    message: expect.stringContaining(`already allocated to resource ${holder}`),
  })
  await expect(world.client.publicIPAddresses.beginDeleteAndWait(GROUP, 'held', soon)).rejects.toMatchObject({
    statusCode: 400,
    code: 'PublicIPAddressCannotBeDeleted',
    message: expect.stringContaining(`can not be deleted since it is still allocated to resource ${holder}`),
  })
  await world.makeInterface('holder', 'held-network')
  await world.client.publicIPAddresses.beginDeleteAndWait(GROUP, 'held', soon)
})

test('usage is counted a region, and a limit is a limit', async () => {
  const usage = async () => {
    for await (const { name, currentValue, limit } of world.client.usages.list(location))
      if (name.value === 'PublicIPAddresses') return { currentValue, limit }
    return undefined
  }
  const before = await usage()
  await quota('PublicIPAddresses', before?.currentValue ?? 0)
  await expect(world.makeAddress('one-too-many')).rejects.toMatchObject({
    code: 'PublicIPCountLimitReached',
    message: `Cannot create more than ${before?.currentValue} public IP addresses for this subscription in this region.`,
  })
  const elsewhere = { location: 'westeurope', sku: { name: 'Standard' }, publicIPAllocationMethod: 'Static' }
  await world.cloud.request('PUT', '/_slipway/quota', { body: { location: 'westeurope', name: 'PublicIPAddresses', limit: 1 } })
  await world.client.publicIPAddresses.beginCreateOrUpdateAndWait(GROUP, 'elsewhere', elsewhere, soon)
  await quota('PublicIPAddresses', 1000)
  await world.makeAddress('one-more')
  expect(await usage()).toEqual({ currentValue: (before?.currentValue ?? 0) + 1, limit: 1000 })
})

test('the fault plan can exhaust a quota', async () => {
  world.cloud.setFaults({
    rules: [{ match: { operation: 'Microsoft.Network/publicIPAddresses/write', times: 1 }, fault: 'quota' }],
  })
  await expect(world.makeAddress('struck')).rejects.toMatchObject({ code: 'PublicIPCountLimitReached' })
  await world.makeAddress('struck')
})

test('an address written again without a SKU keeps its own', async () => {
  await world.makeAddress('standing')
  const body = { location, publicIPAllocationMethod: 'Static', tags: { team: 'x' } }
  const again = await world.client.publicIPAddresses.beginCreateOrUpdateAndWait(GROUP, 'standing', body, soon)
  expect(again).toMatchObject({ sku: { name: 'Standard' }, tags: { team: 'x' } })
})
