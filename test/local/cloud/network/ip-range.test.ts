import fc from 'fast-check'
import {
  contains,
  firstFreeAddress,
  formatIp,
  hasHostBits,
  isReserved,
  overlaps,
  parseCidr,
  parseIp,
} from '../../../../local/cloud/network/ip-range.ts'

const range = (text: string) => parseCidr(text) ?? { first: -1, last: -1 }

test('every address survives being written and read', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (address) => parseIp(formatIp(address)) === address))
})

test.each(['10.0.0', '10.0.0.256', '10.0.0.01', '10.0.0.1.2', ' 10.0.0.1', ''])('%p is not an address', (text) => {
  expect(parseIp(text)).toBeUndefined()
})

test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', 'Internet'])('%p is not a prefix', (text) => {
  expect(parseCidr(text)).toBeUndefined()
})

test('a prefix covers its network, the whole internet included', () => {
  expect(range('10.1.2.0/24')).toEqual({ first: parseIp('10.1.2.0'), last: parseIp('10.1.2.255') })
  expect(range('0.0.0.0/0')).toEqual({ first: 0, last: 2 ** 32 - 1 })
  expect(range('192.168.0.1/32')).toEqual({ first: parseIp('192.168.0.1'), last: parseIp('192.168.0.1') })
})

test('an address inside a network is told from the network', () => {
  expect(hasHostBits('10.0.0.5/24')).toBe(true)
  expect(hasHostBits('10.0.0.0/24')).toBe(false)
})

test('ranges lie inside each other, overlap or are apart', () => {
  expect(contains(range('10.0.0.0/16'), range('10.0.9.0/24'))).toBe(true)
  expect(contains(range('10.0.9.0/24'), range('10.0.0.0/16'))).toBe(false)
  expect(overlaps(range('10.0.0.0/25'), range('10.0.0.64/26'))).toBe(true)
  expect(overlaps(range('10.0.0.0/25'), range('10.0.0.128/25'))).toBe(false)
})

test('a /29 has three usable addresses, then it is full', () => {
  const subnet = range('10.0.0.8/29')
  const taken = new Set<number>()
  for (const expected of ['10.0.0.12', '10.0.0.13', '10.0.0.14']) {
    const free = firstFreeAddress(subnet, taken)
    expect(formatIp(free ?? 0)).toBe(expected)
    expect(isReserved(subnet, free ?? 0)).toBe(false)
    taken.add(free ?? 0)
  }
  expect(firstFreeAddress(subnet, taken)).toBeUndefined()
  expect(isReserved(subnet, subnet.last)).toBe(true)
})
