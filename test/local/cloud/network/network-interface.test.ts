import type { NetworkInterfaceIPConfiguration } from '@azure/arm-network'
import { GROUP, location, type NetworkWorld, networkWorld, soon } from './network-client.ts'

let world: NetworkWorld
beforeAll(async () => {
  world = await networkWorld()
  await world.makeNetwork('home')
})
afterAll(() => world.cloud.stop())

const privateAddress = async (name: string) =>
  (await world.client.networkInterfaces.get(GROUP, name)).ipConfigurations?.[0]?.privateIPAddress

test('an interface gets the lowest free address and keeps it when written again', async () => {
  await world.makeNetwork('counted')
  await world.makeInterface('counted-1', 'counted')
  await world.makeInterface('counted-2', 'counted', { privateIPAddress: '10.0.0.5' })
  await world.makeInterface('counted-3', 'counted')
  expect(await Promise.all(['counted-1', 'counted-2', 'counted-3'].map(privateAddress))).toEqual(['10.0.0.4', '10.0.0.5', '10.0.0.6'])
  await world.client.networkInterfaces.beginDeleteAndWait(GROUP, 'counted-1', soon)
  await world.makeInterface('counted-3', 'counted')
  expect(await privateAddress('counted-3')).toBe('10.0.0.6')
  await world.makeInterface('counted-4', 'counted')
  expect(await privateAddress('counted-4')).toBe('10.0.0.4')
})

test.each([
  ['outside the subnet', '10.0.9.9', 'PrivateIPAddressNotInSubnet'],
  ['kept by Azure', '10.0.0.3', 'PrivateIPAddressInReservedRange'],
  ['held by another', '10.0.0.77', 'PrivateIPAddressIsAllocated'],
])('a static address %s is refused', async (_, privateIPAddress, code) => {
  await world.makeInterface('owner-of-77', 'home', { privateIPAddress: '10.0.0.77' })
  await expect(world.makeInterface('refused', 'home', { privateIPAddress })).rejects.toMatchObject({ statusCode: 400, code })
})

test('a full subnet says so', async () => {
  await world.makeNetwork('tiny', { nodes: '10.0.0.0/29' })
  for (const name of ['tiny-1', 'tiny-2', 'tiny-3']) await world.makeInterface(name, 'tiny')
  await expect(world.makeInterface('tiny-4', 'tiny')).rejects.toMatchObject({
    code: 'SubnetIsFull',
    message: 'Subnet nodes with address prefix 10.0.0.0/29 does not have enough capacity for 1 IP addresses.',
  })
})

test('a reference to what is not there, or is elsewhere, is refused', async () => {
  await expect(world.makeInterface('lost', 'nowhere')).rejects.toMatchObject({
    statusCode: 400,
    code: 'InvalidResourceReference',
    message: `Resource ${world.id('virtualNetworks/nowhere/subnets/nodes')} referenced by resource ${world.id('networkInterfaces/lost')} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
  })
  const elsewhere = world.client.networkInterfaces.beginCreateOrUpdateAndWait(
    GROUP,
    'elsewhere',
    {
      location: 'westeurope',
      ipConfigurations: [{ name: 'primary', subnet: { id: world.id('virtualNetworks/home/subnets/nodes') } }],
    },
    soon,
  )
  await expect(elsewhere).rejects.toMatchObject({ code: 'InvalidResourceReference' })
})

test('the interface of a machine shows it and cannot be deleted before it', async () => {
  await world.makeInterface('wired', 'home')
  world.attach('machine', 'wired')
  expect(await world.client.networkInterfaces.get(GROUP, 'wired')).toMatchObject({
    virtualMachine: { id: expect.stringContaining('/virtualMachines/machine') },
    macAddress: expect.stringMatching(/^00-0D-3A(-[0-9A-F]{2}){3}$/),
  })
  await expect(world.client.networkInterfaces.beginDeleteAndWait(GROUP, 'wired', soon)).rejects.toMatchObject({
    statusCode: 400,
    code: 'NicInUse',
    message: expect.stringContaining('In order to delete the network interface, it must be dissociated from the resource.'),
  })
  world.detach('machine')
  await world.client.networkInterfaces.beginDeleteAndWait(GROUP, 'wired', soon)
})

test('an interface in a network that is still being written has to wait', () =>
  world.whileLasting('virtualNetwork.write', async () => {
    const poller = await world.client.virtualNetworks.beginCreateOrUpdate(GROUP, 'young', {
      location,
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [{ name: 'nodes', addressPrefix: '10.0.0.0/24' }],
    })
    expect(poller.isDone()).toBe(false)
    expect(await world.client.subnets.get(GROUP, 'young', 'nodes')).toMatchObject({ provisioningState: 'Updating' })
    await expect(world.makeInterface('eager', 'young')).rejects.toMatchObject({
      statusCode: 429,
      code: 'RetryableError',
      details: { error: { details: [{ code: 'ReferencedResourceNotProvisioned' }] } },
    })
  }))

describe('an interface of several configurations', () => {
  const make = (name: string, ...configurations: Partial<NetworkInterfaceIPConfiguration>[]) =>
    world.client.networkInterfaces.beginCreateOrUpdateAndWait(
      GROUP,
      name,
      {
        location,
        ipConfigurations: configurations.map((configuration, index) => ({
          name: `ip-${index}`,
          subnet: { id: world.id('virtualNetworks/several/subnets/nodes') },
          ...configuration,
        })),
      },
      soon,
    )
  const shown = async (made: ReturnType<typeof make>) =>
    (await made).ipConfigurations?.map(({ name, primary, privateIPAddress }) => [name, primary, privateIPAddress])
  beforeAll(() => world.makeNetwork('several'))

  test('the first is primary unless another is; two cannot be', async () => {
    expect(await shown(make('primaries', {}, {}))).toEqual([
      ['ip-0', true, '10.0.0.4'],
      ['ip-1', false, '10.0.0.5'],
    ])
    expect((await shown(make('primaries', {}, { primary: true })))?.map(([, primary]) => primary)).toEqual([false, true])
    await expect(make('primaries', { primary: true }, { primary: true })).rejects.toMatchObject({ statusCode: 400 })
  })

  test('no two get one address, whatever their order', async () => {
    const fixed = { privateIPAllocationMethod: 'Static', privateIPAddress: '10.0.0.6' }
    expect(await shown(make('mixed', {}, fixed))).toEqual([
      ['ip-0', true, '10.0.0.7'],
      ['ip-1', false, '10.0.0.6'],
    ])
    expect(await shown(make('mixed', { name: 'new' }, { name: 'ip-0' }))).toEqual([
      ['new', true, '10.0.0.6'],
      ['ip-0', false, '10.0.0.7'],
    ])
    await expect(make('twice', fixed, fixed)).rejects.toMatchObject({ code: 'PrivateIPAddressIsAllocated' })
    const publicIPAddress = { id: world.id('publicIPAddresses/shared') }
    await world.makeAddress('shared')
    await expect(make('twice', { publicIPAddress }, { publicIPAddress })).rejects.toMatchObject({ code: 'PublicIPAddressInUse' })
    await expect(make('twice', { name: 'same' }, { name: 'same' })).rejects.toMatchObject({ code: 'DuplicateResourceName' })
  })
})

test.each([
  'Microsoft.Network/virtualNetworks/subnets/join/action',
  'Microsoft.Network/networkSecurityGroups/join/action',
  'Microsoft.Network/publicIPAddresses/join/action',
])('who may not %s may not make an interface that does', async (action) => {
  await world.makeAddress('joined')
  await world.client.networkSecurityGroups.beginCreateOrUpdateAndWait(GROUP, 'joined', { location }, soon)
  await world.withoutAction(action, async (client) => {
    const made = client.networkInterfaces.beginCreateOrUpdateAndWait(
      GROUP,
      'joining',
      {
        location,
        networkSecurityGroup: { id: world.id('networkSecurityGroups/joined') },
        ipConfigurations: [
          {
            name: 'primary',
            subnet: { id: world.id('virtualNetworks/home/subnets/nodes') },
            publicIPAddress: { id: world.id('publicIPAddresses/joined') },
          },
        ],
      },
      soon,
    )
    await expect(made).rejects.toMatchObject({
      statusCode: 403,
      code: 'LinkedAuthorizationFailed',
      message: expect.stringContaining(action),
    })
  })
})
