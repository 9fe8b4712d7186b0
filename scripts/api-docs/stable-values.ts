/** 1 January 2026, in epoch seconds. */
const MOMENT = 1_767_225_600

/** What differs from run to run by its name, and what stands in its place. */
const byName: Readonly<Record<string, unknown>> = {
  seconds: 60,
  progress: 0.5,
  functions: 80,
  runtime: 'Node',
  key: 'swk_…',
  secret: '…',
  password: '…',
  privateKey: '…',
  continuation: '…',
}

const TIME_NAME = /(On|At|From|Since)$|^(eta|at|since)$/
const UUID = /(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])/g
/** The simulated subscription, tenant and principals are the same in every run. */
const FIXED = /^00000000-0000-0000-/
/** A digest, the random part of an operation's id, the id of a key or a letter; all of them hexadecimal. */
const HEX = /(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{20}|[0-9a-f]{16})(?![0-9a-f])/g
/** The end of a cluster's id, in the names of what is made for it. */
const TAIL = /(?<=[a-z]-)[0-9a-f]{12}(?![0-9a-f])/g
/** Not this machine's own, and no range. */
const ADDRESS = /(?<![\d.])(?!127\.)\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?!\d|\.\d|\/\d)/g
const ISO_TIME = /\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g

/** The key of whoever reads the page, in the headers of a call. */
export const OWN_KEY = 'swk_own'

/** Puts the same ids, times and durations in place of those of one run, in the order in which they come. */
export function stableValues(): <Value>(value: Value) => Value {
  const known = new Map<string, string>()
  const numbered = (text: string, make: (number: string) => string): string => {
    const found = known.get(text) ?? make(String(known.size + 1))
    known.set(text, found)
    return found
  }
  const uuid = (id: string): string => {
    if (FIXED.test(id)) return id
    const stable = numbered(id, (number) => `0199a1b2-0000-7000-8000-${number.padStart(12, '0')}`)
    known.set(id.slice(-12), stable.slice(-12))
    return stable
  }
  const text = (value: string): string =>
    value
      .replace(/\bswa_[\w-]{43}/, 'swa_…')
      .replace(UUID, uuid)
      .replace(HEX, (hex) => numbered(hex, (number) => number.padStart(hex.length, '0')))
      .replace(TAIL, (tail) => numbered(tail, (number) => number.padStart(tail.length, '0')))
      .replace(ADDRESS, '203.0.113.1')
      .replace(ISO_TIME, '2026-01-01T00:00:00Z')
      .replace(/http:\/\/127\.0\.0\.1:\d+/g, 'http://127.0.0.1:7071')
  const stable = (value: unknown, name: string): unknown => {
    if (typeof value !== 'object' || value === null) {
      if (name in byName && value !== 0 && value !== 1) return byName[name]
      if (typeof value === 'number' && value > 1e9 && TIME_NAME.test(name)) return MOMENT
      return typeof value === 'string' ? text(value) : value
    }
    if (Array.isArray(value)) return value.map((item) => stable(item, ''))
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [text(key), stable(member, key)]))
  }
  return <Value>(value: Value) => stable(value, '') as Value
}
