import { parseRouteTemplate, RouteTemplateError } from '../../../../local/host/http/route-template.ts'

test.each<[string, string, Record<string, string> | undefined]>([
  ['clusters', 'CLUSTERS', {}],
  ['clusters/{id}', 'clusters/A%2Fb', { id: 'A%2Fb' }],
  ['clusters/{id}', 'clusters', undefined],
  ['clusters/{id}', 'clusters/a/b', undefined],
  ['clusters/{id?}', 'clusters', {}],
  ['clusters/{id=all}', 'clusters', { id: 'all' }],
  ['a/{n:int}', 'a/-5', { n: '-5' }],
  ['a/{n:int}', 'a/5000000000', undefined],
  ['a/{n:long}', 'a/5000000000', { n: '5000000000' }],
  ['a/{n:int:range(1,9)}', 'a/10', undefined],
  ['a/{id:guid}', 'a/0F8FAD5B-D9CB-469F-A165-70867728950E', { id: '0F8FAD5B-D9CB-469F-A165-70867728950E' }],
  ['a/{name:alpha:maxlength(3)?}', 'a/abc', { name: 'abc' }],
  ['files/{*path}', 'files/a/b', { path: 'a/b' }],
  ['files/{*path}', 'files', {}],
  ['files/{**path}', 'filesystem', undefined],
  ['{name}.{ext}', 'a.tar.gz', { name: 'a', ext: 'tar.gz' }],
  ['a.b', 'axb', undefined],
])('%s and the path %s', (template, path, params) => {
  expect(parseRouteTemplate(template).match(path)).toEqual(params)
})

test.each(['a/{', 'a/{}', 'a/b}', 'a/{n:prime}'])('the template %s is refused', (template) => {
  expect(() => parseRouteTemplate(template)).toThrow(RouteTemplateError)
})
