import { parseOptions, UsageError } from '../../bench/options.ts'

const ROWS = ['http', 'event']

test('without arguments every row is measured in full', () => {
  expect(parseOptions([], ROWS)).toEqual({ only: [], quick: false, write: false })
})

test('rows can be chosen', () => {
  expect(parseOptions(['--only', 'http', '--only', 'event', '--quick'], ROWS)).toEqual({
    only: ['http', 'event'],
    quick: true,
    write: false,
  })
})

test('help is no run', () => {
  expect(parseOptions(['--help'], ROWS)).toBeUndefined()
})

test.each([
  [['--only', 'htpp'], 'There is no row "htpp". Rows: http, event.'],
  [['--only', 'http', '--write'], '--write takes the whole table'],
  [['--slow'], '--slow'],
])('%j is refused with a sentence', (args, sentence) => {
  const parse = () => parseOptions(args, ROWS)
  expect(parse).toThrow(UsageError)
  expect(parse).toThrow(sentence)
})
