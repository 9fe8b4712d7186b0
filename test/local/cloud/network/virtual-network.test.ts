import { GROUP, location, type NetworkWorld, networkWorld, soon } from './network-client.ts'

let world: NetworkWorld
beforeAll(async () => {
  world = await networkWorld()
})
afterAll(() => world.cloud.stop())

test('a network is made with its subnets and shown as Azure shows it', async () => {
  const made = await world.makeNetwork('shown', { nodes: '10.0.0.0/24', aks: '10.0.1.0/24' })
  expect(made).toMatchObject({
    name: 'shown',
    type: 'Microsoft.Network/virtualNetworks',
    provisioningState: 'Succeeded',
    etag: expect.stringMatching(/^W\/"/),
    resourceGuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    subnets: [
      { id: world.id('virtualNetworks/shown/subnets/nodes'), addressPrefix: '10.0.0.0/24', provisioningState: 'Succeeded' },
      { name: 'aks', addressPrefix: '10.0.1.0/24', etag: expect.stringMatching(/^W\/"/) },
    ],
  })
  expect(await world.client.virtualNetworks.get(GROUP, 'SHOWN')).toMatchObject({ name: 'shown', subnets: [{}, {}] })
})

test('a subnet is added, listed and removed by itself', async () => {
  await world.makeNetwork('grown')
  await world.client.subnets.beginCreateOrUpdateAndWait(GROUP, 'grown', 'more', { addressPrefix: '10.0.7.0/24' }, soon)
  const names: (string | undefined)[] = []
  for await (const subnet of world.client.subnets.list(GROUP, 'grown')) names.push(subnet.name)
  expect(names).toEqual(['nodes', 'more'])
  await world.client.subnets.beginDeleteAndWait(GROUP, 'grown', 'more', soon)
  expect((await world.client.virtualNetworks.get(GROUP, 'grown')).subnets).toHaveLength(1)
})

test('a subnet that overlaps another, or lies outside, is refused and not there', async () => {
  await world.makeNetwork('strict')
  const add = (name: string, addressPrefix: string) =>
    world.client.subnets.beginCreateOrUpdateAndWait(GROUP, 'strict', name, { addressPrefix }, soon)
  await expect(add('clash', '10.0.0.128/25')).rejects.toMatchObject({
    statusCode: 400,
    code: 'NetcfgSubnetRangesOverlap',
    message: expect.stringContaining("Subnet 'clash' is not valid because its IP address range overlaps"),
  })
  await expect(add('outside', '10.9.0.0/24')).rejects.toMatchObject({ code: 'NetcfgSubnetRangeOutsideVnet' })
  await expect(world.client.subnets.get(GROUP, 'strict', 'clash')).rejects.toMatchObject({ statusCode: 404 })
})

test('a network written without subnets keeps them; with an empty list it loses them', async () => {
  await world.makeNetwork('kept')
  const write = (subnets?: []) =>
    world.client.virtualNetworks.beginCreateOrUpdateAndWait(
      GROUP,
      'kept',
      { location, addressSpace: { addressPrefixes: ['10.0.0.0/16'] }, ...(subnets ? { subnets } : {}) },
      soon,
    )
  expect((await write()).subnets).toHaveLength(1)
  expect((await write([])).subnets ?? []).toEqual([])
})

test('a subnet in use is neither deleted nor moved, not with its network either', async () => {
  await world.makeNetwork('used')
  await world.makeInterface('user', 'used')
  const inUse = {
    statusCode: 400,
    code: 'InUseSubnetCannotBeDeleted',
    message: expect.stringContaining('networkInterfaces/user/ipConfigurations/primary'),
  }
  await expect(world.client.subnets.beginDeleteAndWait(GROUP, 'used', 'nodes', soon)).rejects.toMatchObject(inUse)
  await expect(world.client.virtualNetworks.beginDeleteAndWait(GROUP, 'used', soon)).rejects.toMatchObject(inUse)
  await expect(world.makeNetwork('used', { other: '10.0.3.0/24' })).rejects.toMatchObject(inUse)
  await expect(world.makeNetwork('used', { nodes: '10.0.3.0/24' })).rejects.toMatchObject({ code: 'InUsePrefixCannotBeDeleted' })
  expect(await world.client.subnets.get(GROUP, 'used', 'nodes')).toMatchObject({
    addressPrefix: '10.0.0.0/24',
    ipConfigurations: [{ id: world.id('networkInterfaces/user/ipConfigurations/primary') }],
  })
  await world.client.networkInterfaces.beginDeleteAndWait(GROUP, 'user', soon)
  await world.client.virtualNetworks.beginDeleteAndWait(GROUP, 'used', soon)
  await expect(world.client.virtualNetworks.get(GROUP, 'used')).rejects.toMatchObject({ statusCode: 404, code: 'ResourceNotFound' })
})

test('an address is told free, held or kept by the platform, with others to take', async () => {
  await world.makeNetwork('asked')
  await world.makeInterface('holder', 'asked', { privateIPAddress: '10.0.0.9' })
  const ask = (address: string) => world.client.virtualNetworks.checkIPAddressAvailability(GROUP, 'asked', address)
  expect(await ask('10.0.0.10')).toMatchObject({ available: true })
  expect(await ask('10.0.0.9')).toMatchObject({
    available: false,
    availableIPAddresses: ['10.0.0.4', '10.0.0.5', '10.0.0.6', '10.0.0.7', '10.0.0.8'],
  })
  expect(await ask('10.0.0.1')).toMatchObject({ available: false, isPlatformReserved: true })
  const usage: unknown[] = []
  for await (const subnet of world.client.virtualNetworks.listUsage(GROUP, 'asked')) usage.push([subnet.currentValue, subnet.limit])
  expect(usage).toEqual([[1, 251]])
})

test('a network takes one change at a time, whichever of its subnets it concerns', async () => {
  await world.makeNetwork('busy')
  await world.whileLasting('subnet.write', async () => {
    const add = (name: string, addressPrefix: string) => world.client.subnets.beginCreateOrUpdate(GROUP, 'busy', name, { addressPrefix })
    await add('one', '10.0.1.0/24')
    const busy = { statusCode: 409, code: 'AnotherOperationInProgress' }
    await expect(add('two', '10.0.2.0/24')).rejects.toMatchObject(busy)
    await expect(world.makeNetwork('busy')).rejects.toMatchObject(busy)
    await expect(world.client.virtualNetworks.beginDeleteAndWait(GROUP, 'busy', soon)).rejects.toMatchObject(busy)
  })
})

test('a subnet behind a security group needs the right to join it, inside its network too', async () => {
  const action = 'Microsoft.Network/networkSecurityGroups/join/action'
  const subnet = { addressPrefix: '10.0.0.0/24', networkSecurityGroup: { id: world.id('networkSecurityGroups/joined') } }
  await world.client.networkSecurityGroups.beginCreateOrUpdateAndWait(GROUP, 'joined', { location }, soon)
  await world.makeNetwork('unjoined')
  await world.withoutAction(action, async (client) => {
    const refusal = { statusCode: 403, code: 'LinkedAuthorizationFailed', message: expect.stringContaining(action) }
    const network = { location, addressSpace: { addressPrefixes: ['10.0.0.0/16'] }, subnets: [{ name: 'nodes', ...subnet }] }
    await expect(client.virtualNetworks.beginCreateOrUpdateAndWait(GROUP, 'joining', network, soon)).rejects.toMatchObject(refusal)
    await expect(client.subnets.beginCreateOrUpdateAndWait(GROUP, 'unjoined', 'nodes', subnet, soon)).rejects.toMatchObject(refusal)
  })
})
