import { capacityOf, overlaps, parseCidr } from '../../../shared/azure/cidr.ts'

const range = (text: string) => parseCidr(text) ?? { first: Number.NaN, last: Number.NaN }

test.each([
  ['10.0.0.0/16', '10.0.128.0/24', true],
  ['10.0.0.0/16', '10.1.0.0/16', false],
  ['10.1.2.3/32', '10.1.2.0/24', true],
  ['0.0.0.0/0', '203.0.113.0/24', true],
  ['192.168.1.0/25', '192.168.1.128/25', false],
])('%s and %s overlap: %s', (a, b, expected) => {
  expect(overlaps(range(a), range(b))).toBe(expected)
  expect(overlaps(range(b), range(a))).toBe(expected)
})

test('Azure keeps five addresses of each subnet', () => {
  expect([capacityOf(range('10.0.0.0/24')), capacityOf(range('10.0.0.0/29')), capacityOf(range('10.0.0.0/30'))]).toEqual([251, 3, 0])
})

test.each(['10.0.0.0', '10.0.0.0/33', '256.0.0.0/8', 'fd00::/64', '', '10.0.0/8'])('%s is no prefix', (text) => {
  expect(parseCidr(text)).toBeUndefined()
})
