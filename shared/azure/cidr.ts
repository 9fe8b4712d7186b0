/** An IPv4 range as inclusive numbers of 32 bits. */
export interface Range {
  readonly first: number
  readonly last: number
}

/** Undefined for what is no IPv4 prefix such as 10.0.0.0/16. */
export function parseCidr(text: string): Range | undefined {
  const [, a, b, c, d, bits] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text)?.map(Number) ?? []
  if (a === undefined || b === undefined || c === undefined || d === undefined || bits === undefined) return undefined
  if (Math.max(a, b, c, d) > 255 || bits > 32) return undefined
  const size = 2 ** (32 - bits)
  const first = Math.floor((((a * 256 + b) * 256 + c) * 256 + d) / size) * size
  return { first, last: first + size - 1 }
}

export const overlaps = (a: Range, b: Range): boolean => a.first <= b.last && b.first <= a.last

/** Addresses that Azure keeps of each subnet [learn: virtual-networks-faq]. */
const RESERVED = 5

/** Addresses that machines can have in a subnet. */
export const capacityOf = ({ first, last }: Range): number => Math.max(0, last - first + 1 - RESERVED)
