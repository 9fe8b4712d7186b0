import { ArmError } from '../arm/arm-error.ts'
import type { Azure } from '../azure.ts'
import type { Call } from '../provider.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { formatIp, isReserved, parseIp } from './ip-range.ts'
import { heldAddresses, subnetRanges } from './private-address.ts'
import { subnetsOf } from './subnet-record.ts'

/** Azure suggests this many other addresses. */
const SUGGESTIONS = 5

/** Answer of `CheckIPAddressAvailability?ipAddress=`: is it free, and which others of its subnet are. */
export function checkIpAddressAvailability({ azure, query }: Call, network: Resource): JsonObject {
  const text = query.get('ipAddress') ?? ''
  const address = parseIp(text)
  if (address === undefined) throw new ArmError(400, 'InvalidIPAddressFormat', `IP address ${text} is not a valid IP address.`)
  for (const subnet of subnetsOf(azure, network.id)) {
    const home = subnetRanges(subnet).find(({ range }) => address >= range.first && address <= range.last)
    if (!home) continue
    const held = heldAddresses(azure, subnet)
    const isPlatformReserved = isReserved(home.range, address)
    if (!held.has(address) && !isPlatformReserved) return { available: true, availableIPAddresses: [], isPlatformReserved }
    const others: string[] = []
    for (let other = home.range.first + 4; other < home.range.last && others.length < SUGGESTIONS; other += 1)
      if (!held.has(other)) others.push(formatIp(other))
    return { available: false, availableIPAddresses: others, isPlatformReserved }
  }
  throw new ArmError(
    400,
    'PrivateIPAddressNotInAnySubnet',
    `Private static IP address ${text} does not belong to any subnet of ${network.id}.`,
  )
}

/** Addresses in use in each subnet; the five that Azure keeps count neither as used nor as available. */
export function subnetUsages(azure: Azure, network: Resource): JsonObject[] {
  return subnetsOf(azure, network.id).map((subnet) => ({
    id: subnet.id,
    unit: 'Count',
    name: { value: 'SubnetSpace', localizedValue: 'Subnet size and usage' },
    currentValue: heldAddresses(azure, subnet).size,
    limit: subnetRanges(subnet).reduce((sum, { range }) => sum + (range.last - range.first + 1) - 5, 0),
  }))
}
