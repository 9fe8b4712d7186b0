import { armId, groupId, nameOf, parseArmId } from '../../../shared/azure/arm-id.ts'

test('an id that is put together is taken apart again', () => {
  const id = armId('s', 'g', 'Microsoft.Network/virtualNetworks/subnets', 'vnet', 'default')
  expect(id).toBe('/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/vnet/subnets/default')
  expect(parseArmId(id)).toEqual({
    subscriptionId: 's',
    resourceGroup: 'g',
    type: 'Microsoft.Network/virtualNetworks/subnets',
    names: ['vnet', 'default'],
  })
  expect(nameOf(id)).toBe('default')
})

test('a resource group is a resource, in whatever case Azure writes it', () => {
  expect(parseArmId('/SUBSCRIPTIONS/s/resourcegroups/g')).toMatchObject({ resourceGroup: 'g', type: 'Microsoft.Resources/resourceGroups' })
  expect(parseArmId(groupId('s', 'g')).names).toEqual(['g'])
})

test('what is no ARM id is refused', () => {
  expect(() => parseArmId('demo-master')).toThrow(TypeError)
})
