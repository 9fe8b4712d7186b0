/** IPv4 addresses as unsigned 32-bit numbers and CIDR ranges as inclusive pairs of them. */
export interface IpRange {
  first: number
  last: number
}

/** The number of a dotted-quad address, or undefined when it is none (leading zeros are refused: some readers take them as octal). */
export function parseIp(text: string): number | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let value = 0
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined
    value = value * 256 + Number(part)
  }
  return value
}

export function formatIp(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.')
}

/** The prefix length of `a.b.c.d/n`, or undefined when the text is not CIDR notation. */
function parseCidrParts(text: string): { address: number; length: number } | undefined {
  const [ip = '', length = '', ...rest] = text.split('/')
  const address = parseIp(ip)
  if (address === undefined || rest.length > 0 || !/^\d{1,2}$/.test(length) || Number(length) > 32) return undefined
  return { address, length: Number(length) }
}

/** The range of a CIDR prefix whatever its host bits, or undefined when it is not formatted as one. */
export function parseCidr(text: string): IpRange | undefined {
  const parts = parseCidrParts(text)
  if (!parts) return undefined
  const size = 2 ** (32 - parts.length)
  const first = Math.floor(parts.address / size) * size
  return { first, last: first + size - 1 }
}

/** `10.0.0.5/24` names an address in a network, not the network: Azure refuses it. */
export function hasHostBits(text: string): boolean {
  const parts = parseCidrParts(text)
  return parts !== undefined && parts.address !== parseCidr(text)?.first
}

export function contains(outer: IpRange, inner: IpRange): boolean {
  return outer.first <= inner.first && inner.last <= outer.last
}

export function overlaps(a: IpRange, b: IpRange): boolean {
  return a.first <= b.last && b.first <= a.last
}

/** Azure keeps the first four addresses of a subnet and the last [learn: virtual-networks-faq]. */
export function isReserved(subnet: IpRange, address: number): boolean {
  return address < subnet.first + 4 || address === subnet.last
}

/** The lowest address that a subnet has left, or undefined when it is full. */
export function firstFreeAddress(subnet: IpRange, taken: { has(address: number): boolean }): number | undefined {
  for (let address = subnet.first + 4; address < subnet.last; address += 1) if (!taken.has(address)) return address
  return undefined
}
