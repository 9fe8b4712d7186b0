import { sameId } from '../arm/resource-id.ts'
import type { Azure } from '../azure.ts'
import type { Resource } from '../resource.ts'
import { firstFreeAddress, formatIp, type IpRange, isReserved, parseCidr, parseIp } from './ip-range.ts'
import { ipConfigurationsIn } from './references.ts'
import { privateAddressAllocated, privateAddressNotInSubnet, privateAddressReserved, subnetIsFull } from './refusals.ts'
import { prefixesOf, propertiesOf } from './subnet-record.ts'

export function subnetRanges(subnet: Resource): { prefix: string; range: IpRange }[] {
  return prefixesOf(propertiesOf(subnet)).flatMap((prefix) => {
    const range = parseCidr(prefix)
    return range ? [{ prefix, range }] : []
  })
}

/** Addresses of a subnet that are held, each with the id of the network interface that holds it; `except` is left out. */
export function heldAddresses(azure: Azure, subnet: Resource, { except = '' } = {}): Map<number, string> {
  const held = new Map<number, string>()
  for (const { configuration, networkInterface } of ipConfigurationsIn(azure, subnet.id)) {
    const address = parseIp(configuration.properties.privateIPAddress ?? '')
    if (address !== undefined && !sameId(networkInterface.id, except)) held.set(address, networkInterface.id)
  }
  return held
}

/** The lowest free address, as Azure gives them out. */
export function allocateAddress(subnet: Resource, held: ReadonlyMap<number, string>): string {
  const ranges = subnetRanges(subnet)
  for (const { range } of ranges) {
    const free = firstFreeAddress(range, held)
    if (free !== undefined) return formatIp(free)
  }
  throw subnetIsFull(subnet.name, ranges.map(({ prefix }) => prefix).join(', '))
}

/** Throws Azure's 400 when the static `address` cannot be had by the IP configuration `id`. */
export function assertAddressFree(subnet: Resource, address: string, id: string, held: ReadonlyMap<number, string>): void {
  const value = parseIp(address)
  const ranges = subnetRanges(subnet)
  const home = ranges.find(({ range }) => value !== undefined && value >= range.first && value <= range.last)
  if (value === undefined || !home) throw privateAddressNotInSubnet(address, ranges[0]?.prefix ?? '')
  if (isReserved(home.range, value)) throw privateAddressReserved(address, home.prefix)
  const holder = held.get(value)
  if (holder !== undefined) throw privateAddressAllocated(id, address, holder)
}
