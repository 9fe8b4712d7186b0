import { parseOptions, StartError } from '../../../local/start/options.ts'

test('without options the API is on 7071 and everything is kept in .local', () => {
  expect(parseOptions([])).toMatchObject({ port: 7071, seed: 1, reset: false, json: false, data: expect.stringMatching(/\.local$/) })
})

test('every option is taken', () => {
  const args = ['--port', '8000', '--speed', '2.5', '--seed', '7', '--faults', __filename, '--data', '/tmp/world', '--reset', '--json']
  expect(parseOptions(args)).toEqual({ port: 8000, speed: 2.5, seed: 7, faults: __filename, data: '/tmp/world', reset: true, json: true })
})

test('--help asks for nothing but the text', () => {
  expect(parseOptions(['--help'])).toBeUndefined()
})

test.each([
  [['--port', 'x'], '--port takes a whole number from 0 to 65530, not "x".'],
  [['--port', '70000'], '--port takes a whole number from 0 to 65530, not "70000".'],
  [['--port', '1.5'], '--port takes a whole number from 0 to 65530, not "1.5".'],
  [['--speed', '0'], '--speed takes a number from 1 to 1000, not "0".'],
  [['--seed', ''], '--seed takes a whole number from 0 to 4294967295, not "".'],
  [['--faults', 'no-such-file.json'], '--faults: there is no file no-such-file.json.'],
  [['--prot', '1'], "Unknown option '--prot'. npm start -- --help lists the options."],
  [['extra'], /^Unexpected argument 'extra'.*npm start -- --help/],
])('%j is refused in one sentence', (args, sentence) => {
  const error = thrownBy(() => parseOptions(args))
  expect(error).toBeInstanceOf(StartError)
  expect(error.message).toMatch(sentence)
})

function thrownBy(run: () => unknown): Error {
  try {
    run()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}
