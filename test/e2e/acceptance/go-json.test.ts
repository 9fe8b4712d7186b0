import { flag, float, int, list, parseJson, pointer, struct, text } from './go-json.ts'

const decode = struct({ name: text, count: int, share: float, isOn: flag, tags: list(text), more: pointer(struct({ from: text })) })
const read = (json: string) => decode(parseJson(json), 'answer')

test('nothing and null are the zero value, and what is not known is let through', () => {
  const zero = { name: '', count: 0, share: 0, isOn: false, tags: [], more: undefined }
  expect(read('{}')).toEqual(zero)
  expect(read('{"name":null,"count":null,"share":null,"isOn":null,"tags":null,"more":null,"else":[1.5]}')).toEqual(zero)
})

test('an empty object is no nil pointer', () => {
  expect(read('{"more":{}}').more).toEqual({ from: '' })
})

test.each([
  '{"count":2.0}',
  '{"count":1e3}',
  '{"count":"2"}',
  '{"name":2}',
  '{"isOn":"true"}',
  '{"tags":{}}',
  '{"more":2}',
  '{"share":"1"}',
])('%s does not pass', (json) => {
  expect(() => read(json)).toThrow(/cannot unmarshal/)
})
