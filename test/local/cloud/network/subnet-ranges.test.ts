import { ArmError } from '../../../../local/cloud/arm/arm-error.ts'
import { assertRanges } from '../../../../local/cloud/network/subnet-ranges.ts'

const vnet = { id: '/vnet', name: 'vnet' }

function codeOf(addressSpace: string[], ...subnets: string[]): string {
  try {
    assertRanges(
      vnet,
      addressSpace,
      subnets.map((prefix, index) => ({ name: `subnet-${index}`, prefixes: prefix === '' ? [] : [prefix] })),
    )
  } catch (error) {
    if (error instanceof ArmError) return error.code
    throw error
  }
  return 'none'
}

test.each([
  ['subnets side by side', ['10.0.0.0/16'], ['10.0.0.0/24', '10.0.1.0/24'], 'none'],
  ['a subnet as large as its network', ['10.0.0.0/24'], ['10.0.0.0/24'], 'none'],
  ['a subnet in the second of two spaces', ['10.0.0.0/24', '172.16.0.0/24'], ['172.16.0.0/25'], 'none'],
  ['a subnet across two neighbouring spaces', ['10.0.0.0/24', '10.0.1.0/24'], ['10.0.0.0/23'], 'NetcfgSubnetRangeOutsideVnet'],
  ['a subnet elsewhere', ['10.0.0.0/24'], ['10.0.2.0/24'], 'NetcfgSubnetRangeOutsideVnet'],
  ['a subnet inside another', ['10.0.0.0/16'], ['10.0.0.0/24', '10.0.0.128/25'], 'NetcfgSubnetRangesOverlap'],
  ['the smallest subnet', ['10.0.0.0/16'], ['10.0.0.0/29'], 'none'],
  ['a subnet with no room for a machine', ['10.0.0.0/16'], ['10.0.0.0/30'], 'NetcfgInvalidSubnet'],
  ['a subnet without a prefix', ['10.0.0.0/16'], [''], 'NetcfgInvalidSubnet'],
  ['an address for a prefix', ['10.0.0.0/16'], ['10.0.0.0'], 'InvalidAddressPrefixFormat'],
  ['a prefix with host bits', ['10.0.0.0/16'], ['10.0.0.4/24'], 'InvalidCIDRNotation'],
  ['spaces that overlap', ['10.0.0.0/16', '10.0.8.0/24'], [], 'OverlappingAddressPrefixes'],
])('%s', (_, addressSpace, subnets, code) => {
  expect(codeOf(addressSpace, ...subnets)).toBe(code)
})
