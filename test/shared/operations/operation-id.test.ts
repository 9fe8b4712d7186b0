import fc from 'fast-check'
import { newOperationId, orchestrationId, subjectIdOf } from '../../../shared/operations/operation-id.ts'

const time = fc.integer({ min: 0, max: 2 ** 43 })

test('an id tells whose it is and fits where durable orchestrations take it', () => {
  fc.assert(
    fc.property(fc.uuid(), time, (clusterId, now) => {
      const id = newOperationId(clusterId, now)
      expect(subjectIdOf(id)).toBe(clusterId)
      expect(id).toMatch(/^[\w-]{1,80}$/)
    }),
  )
})

test('later operations of a cluster sort first', () => {
  fc.assert(
    fc.property(time, fc.integer({ min: 1, max: 2 ** 40 }), (now, later) => {
      expect(newOperationId('c', now + later) < newOperationId('c', now)).toBe(true)
    }),
  )
})

test.each(['', 'c', 'c_', '../c_0123456789abcdef0123', `${'c'.repeat(80)}_0123456789abcdef0123`, 'c_0123456789ABCDEF0123'])(
  'what is no id is known as such: %j',
  (text) => expect(subjectIdOf(text)).toBeUndefined(),
)

test('each attempt has an orchestration of its own', () => {
  expect([1, 2].map((attempt) => orchestrationId('c_0', attempt))).toEqual(['c_0', 'c_0:2'])
})
