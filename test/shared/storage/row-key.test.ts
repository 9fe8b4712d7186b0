import fc from 'fast-check'
import { rowKey } from '../../../shared/storage/row-key.ts'

test('any text makes a key that storage takes', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => /^[\w.:@ =-]{1,220}$/.test(rowKey(text))))
})

test('different texts make different keys', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (one, other) => one === other || rowKey(one) !== rowKey(other)))
  expect(rowKey('a/b')).not.toBe(rowKey('a=002fb'))
})

test('plain ids stay readable', () => {
  expect(rowKey('virtual-machine.create:demo-master')).toBe('virtual-machine.create:demo-master')
})
