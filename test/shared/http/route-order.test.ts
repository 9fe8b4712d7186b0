import { misordered } from '../../../shared/http/route-order.ts'

const route = (name: string, route: string, method: 'GET' | 'POST' = 'GET') => ({ name, route, method })

test('a literal must be named before the parameter that would swallow it', () => {
  const specific = 'clusters/nodes/supported-types'
  expect(misordered([route('a', specific), route('b', 'clusters/{id}/{part}')])).toEqual([])
  expect(misordered([route('b', specific), route('a', 'clusters/{id}/{part}')])).toEqual([
    'b (clusters/nodes/supported-types) must be named before a (clusters/{id}/{part})',
  ])
})

test('a catch-all comes last', () => {
  expect(misordered([route('a', '{*path}'), route('b', 'clusters')])).toHaveLength(1)
})

test('routes that cannot meet may be named as one likes', () => {
  expect(misordered([route('b', 'clusters/{id}'), route('a', 'clusters/{id}/stop'), route('c', 'keys')])).toEqual([])
  expect(misordered([route('b', 'clusters/x'), route('a', 'clusters/{id}', 'POST')])).toEqual([])
})

test('two that answer the same are always wrong', () => {
  expect(misordered([route('a', 'clusters/{id}'), route('b', 'Clusters/{name}')])).toEqual(['a and b answer the same requests'])
})

test('names must sort alike with and without their hyphens', () => {
  expect(misordered([route('a-z', 'x/y'), route('ab', 'x/{id}')])).toHaveLength(1)
})
