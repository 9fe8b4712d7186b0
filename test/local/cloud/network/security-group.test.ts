import type { SecurityRule } from '@azure/arm-network'
import { GROUP, location, type NetworkWorld, networkWorld, soon } from './network-client.ts'

let world: NetworkWorld
beforeAll(async () => {
  world = await networkWorld()
})
afterAll(() => world.cloud.stop())

const open = (name: string, priority: number, port: string): SecurityRule => ({
  name,
  priority,
  protocol: 'Tcp',
  access: 'Allow',
  direction: 'Inbound',
  sourceAddressPrefix: '*',
  sourcePortRange: '*',
  destinationAddressPrefix: '*',
  destinationPortRange: port,
})

const make = (name: string, ...securityRules: SecurityRule[]) =>
  world.client.networkSecurityGroups.beginCreateOrUpdateAndWait(GROUP, name, { location, securityRules }, soon)

test('a group is made with its rules and has the six default ones', async () => {
  const made = await make('web', open('http', 100, '80'), open('https', 110, '443'))
  expect(
    made.securityRules?.map(({ name, destinationPortRange, provisioningState }) => [name, destinationPortRange, provisioningState]),
  ).toEqual([
    ['http', '80', 'Succeeded'],
    ['https', '443', 'Succeeded'],
  ])
  expect(made.defaultSecurityRules?.map(({ priority }) => priority)).toEqual([65000, 65001, 65500, 65000, 65001, 65500])
  const listed: unknown[] = []
  for await (const rule of world.client.defaultSecurityRules.list(GROUP, 'web')) listed.push(rule.name)
  expect(listed).toContain('DenyAllInBound')
})

test('two rules of one priority are refused, and the group is not made', async () => {
  await expect(make('clash', open('one', 100, '80'), open('two', 100, '443'))).rejects.toMatchObject({
    statusCode: 400,
    code: 'SecurityRuleConflict',
    message:
      'Security rule one conflicts with rule two. Rules cannot have the same Priority and Direction. To learn more, see aka.ms/nsgrules.',
  })
  await expect(world.client.networkSecurityGroups.get(GROUP, 'clash')).rejects.toMatchObject({ statusCode: 404 })
})

test('a rule is added, changed and removed by itself', async () => {
  await make('ruled', open('http', 100, '80'))
  const write = (name: string, rule: SecurityRule) =>
    world.client.securityRules.beginCreateOrUpdateAndWait(GROUP, 'ruled', name, rule, soon)
  await expect(write('ssh', open('ssh', 100, '22'))).rejects.toMatchObject({ code: 'SecurityRuleConflict' })
  await expect(write('ssh', open('ssh', 50, '22'))).rejects.toMatchObject({ code: 'SecurityRuleInvalidPriority' })
  expect(await write('ssh', open('ssh', 200, '22'))).toMatchObject({ priority: 200, provisioningState: 'Succeeded' })
  await write('ssh', open('ssh', 300, '22'))
  expect((await world.client.networkSecurityGroups.get(GROUP, 'ruled')).securityRules?.map(({ priority }) => priority)).toEqual([100, 300])
  await world.client.securityRules.beginDeleteAndWait(GROUP, 'ruled', 'ssh', soon)
  expect((await world.client.networkSecurityGroups.get(GROUP, 'ruled')).securityRules).toHaveLength(1)
})

test('a group behind an interface or a subnet shows them and cannot be deleted', async () => {
  await make('guard')
  await world.makeNetwork('guarded')
  await world.makeInterface('behind', 'guarded', { group: 'guard' })
  const guard = { id: world.id('networkSecurityGroups/guard') }
  await world.client.subnets.beginCreateOrUpdateAndWait(
    GROUP,
    'guarded',
    'nodes',
    { addressPrefix: '10.0.0.0/24', networkSecurityGroup: guard },
    soon,
  )
  expect(await world.client.networkSecurityGroups.get(GROUP, 'guard')).toMatchObject({
    networkInterfaces: [{ id: world.id('networkInterfaces/behind') }],
    subnets: [{ id: world.id('virtualNetworks/guarded/subnets/nodes') }],
  })
  await expect(world.client.networkSecurityGroups.beginDeleteAndWait(GROUP, 'guard', soon)).rejects.toMatchObject({
    statusCode: 400,
    code: 'InUseNetworkSecurityGroupCannotBeDeleted',
    message: expect.stringContaining(`${world.id('networkInterfaces/behind')}, ${world.id('virtualNetworks/guarded/subnets/nodes')}`),
  })
  await world.client.networkInterfaces.beginDeleteAndWait(GROUP, 'behind', soon)
  await world.client.virtualNetworks.beginDeleteAndWait(GROUP, 'guarded', soon)
  await world.client.networkSecurityGroups.beginDeleteAndWait(GROUP, 'guard', soon)
})

test('a group written again has the rules of the last writing alone', async () => {
  await make('rewritten', open('http', 100, '80'), open('https', 110, '443'))
  expect((await make('rewritten', open('ssh', 100, '22'))).securityRules?.map(({ name }) => name)).toEqual(['ssh'])
})

test('a group takes one change at a time', async () => {
  await make('busy')
  await world.whileLasting('networkSecurityGroup.write', async () => {
    const add = (name: string, priority: number) =>
      world.client.securityRules.beginCreateOrUpdate(GROUP, 'busy', name, open(name, priority, '80'))
    await add('one', 100)
    const busy = { statusCode: 409, code: 'AnotherOperationInProgress' }
    await expect(add('two', 200)).rejects.toMatchObject(busy)
    await expect(make('busy')).rejects.toMatchObject(busy)
    await expect(world.client.networkSecurityGroups.beginDeleteAndWait(GROUP, 'busy', soon)).rejects.toMatchObject(busy)
  })
})
