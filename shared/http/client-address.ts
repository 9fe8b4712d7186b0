import type { HttpRequest } from './request.ts'

/** Longest address that is remembered and logged, in characters; IPv6 has 45. */
const LONGEST = 64

/** After an IPv4 address or the bracket of an IPv6 one; a bare IPv6 address ends in digits of its own. */
const PORT = /(?<=^[\d.]+|\]):\d+$/

/** Who is on the other end. The last entry is what Azure's front end saw; the ones before it are the caller's own words. */
export const clientAddress = (request: HttpRequest): string =>
  request.header('x-forwarded-for')?.split(',').at(-1)?.trim().replace(PORT, '').slice(0, LONGEST) || 'local'
