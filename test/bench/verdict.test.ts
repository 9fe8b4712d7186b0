import type { Row } from '../../bench/row.ts'
import { failure, judge } from '../../bench/verdict.ts'

const row: Row = { name: 'r', what: 'a row', unit: 'ms', budget: 10, better: 'less', measure: async () => ({ samples: [] }) }

test('the median counts, not the worst repetition', () => {
  expect(judge(row, { samples: [5, 100, 6] }, 0)).toMatchObject({ measured: 6, ratio: 0.6, met: true })
})

test('a budget may be used up, not exceeded', () => {
  expect(judge(row, { samples: [10] }, 0)).toMatchObject({ ratio: 1, met: true })
  expect(judge(row, { samples: [10.1] }, 0).met).toBe(false)
})

test('where more is better, twice as much uses half of the budget', () => {
  expect(judge({ ...row, better: 'more' }, { samples: [20] }, 0)).toMatchObject({ ratio: 0.5, met: true })
  expect(judge({ ...row, better: 'more' }, { samples: [9] }, 0).met).toBe(false)
})

test('a fault outweighs any figure', () => {
  expect(judge(row, { samples: [1], fault: 'an answer was 500' }, 0).met).toBe(false)
})

test('what could not be measured is not met', () => {
  expect(failure(row, 'the host ended', 0)).toMatchObject({ met: false, fault: 'the host ended' })
})
