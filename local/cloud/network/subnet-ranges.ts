import { contains, formatIp, hasHostBits, type IpRange, overlaps, parseCidr } from './ip-range.ts'
import {
  addressSpaceOverlaps,
  invalidAddressPrefixFormat,
  invalidCidrNotation,
  invalidSubnet,
  subnetOutsideVnet,
  subnetRangesOverlap,
} from './refusals.ts'

/** The smallest subnet that Azure makes is a /29 [learn: virtual-networks-faq]. */
const SMALLEST_SUBNET = 8

export interface SubnetPrefixes {
  readonly name: string
  readonly prefixes: readonly string[]
}

/** The range of a prefix of resource `id`, or Azure's 400. */
function toRange(prefix: string, id: string): IpRange {
  const range = parseCidr(prefix)
  if (!range) throw invalidAddressPrefixFormat(prefix, id)
  if (hasHostBits(prefix)) throw invalidCidrNotation(prefix, `${formatIp(range.first)}/${prefix.split('/')[1]}`)
  return range
}

/** Throws what Azure answers when the address space, or a subnet in it, cannot be. */
export function assertRanges(
  vnet: { id: string; name: string },
  addressSpace: readonly string[],
  subnets: readonly SubnetPrefixes[],
): void {
  const space: { prefix: string; range: IpRange }[] = []
  for (const prefix of addressSpace) {
    const range = toRange(prefix, vnet.id)
    const other = space.find((known) => overlaps(known.range, range))
    if (other) throw addressSpaceOverlaps(vnet.id, other.prefix, prefix)
    space.push({ prefix, range })
  }
  const taken: IpRange[] = []
  for (const subnet of subnets) {
    if (subnet.prefixes.length === 0) throw invalidSubnet(subnet.name, vnet.name)
    for (const prefix of subnet.prefixes) {
      const range = toRange(prefix, `${vnet.id}/subnets/${subnet.name}`)
      if (!space.some((outer) => contains(outer.range, range))) throw subnetOutsideVnet(subnet.name, vnet.name)
      if (taken.some((other) => overlaps(other, range))) throw subnetRangesOverlap(subnet.name, vnet.name)
      if (range.last - range.first + 1 < SMALLEST_SUBNET) throw invalidSubnet(subnet.name, vnet.name)
      taken.push(range)
    }
  }
}
