import { insertResults, markdownTable, textTable } from '../../bench/report.ts'
import type { Row } from '../../bench/row.ts'
import { failure, judge } from '../../bench/verdict.ts'

const row: Row = {
  name: 'start',
  what: 'start',
  unit: 's',
  budget: 1.5,
  better: 'less',
  official: 1.7,
  measure: async () => ({ samples: [] }),
}
const many: Row = { name: 'http', what: 'requests', unit: '/s', budget: 3000, better: 'more', measure: row.measure }
const verdicts = [
  judge(row, { samples: [0.91234, 1.1, 0.9] }, 0),
  judge(many, { samples: [2500], remark: 'p50 2 ms' }, 0),
  failure(many, 'the host ended', 0),
]

test('the table shows what was measured, how far apart the repetitions lie, and which promise is broken', () => {
  expect(
    textTable(verdicts)
      .split('\n')
      .map((line) => line.split(/ {2,}/)),
  ).toEqual([
    ['what', 'measured', 'spread', 'budget', 'official host', 'ratio', 'met'],
    [expect.stringMatching(/^─+$/), ...Array(6).fill(expect.stringMatching(/^─+$/))],
    ['start', '0.912 s', '0.9–1.1', '≤ 1.5 s', '1.7 s', '0.61', 'yes'],
    ['requests', '2,500 /s', '≥ 3,000 /s', '1.20', 'NO'],
    ['requests', '–', '≥ 3,000 /s', '–', 'NO'],
    [''],
    ['requests: p50 2 ms.'],
    [''],
    ['requests: failed: the host ended.'],
    [''],
  ])
})

test('in Markdown every row has all cells', () => {
  const lines = markdownTable(verdicts)
    .split('\n')
    .filter((line) => line.startsWith('|'))
  expect(lines).toHaveLength(5)
  expect(new Set(lines.map((line) => line.split('|').length))).toEqual(new Set([9]))
})

test('results take the place of the earlier ones and leave the rest of the page alone', () => {
  const page = 'before\n<!-- results: begin -->\nold\n<!-- results: end -->\nafter\n'
  const once = insertResults(page, 'new\n')
  expect(once).toBe('before\n<!-- results: begin -->\nnew\n<!-- results: end -->\nafter\n')
  expect(insertResults(once, 'new\n')).toBe(once)
})

test('a page without a place for results is not touched', () => {
  expect(() => insertResults('a page', 'new')).toThrow('<!-- results: begin -->')
})
