import { requestPath } from '../../../../local/host/http/request-path.ts'

test.each([
  ['/', ''],
  ['/api/a', 'api/a'],
  ['/api/a/', 'api/a'],
  ['/api//a', undefined],
  ['/api/a//', undefined],
  ['/api/a%20b', 'api/a b'],
  ['/api/%C3%A9', 'api/é'],
  ['/api/a%2Fb%2fc', 'api/a%2Fb%2fc'],
  ['/api/a%25b', 'api/a%b'],
  ['/api/%FF', 'api/%FF'],
  ['/api/../admin/./x', 'admin/x'],
  ['/api/%2e%2e/admin', 'admin'],
  ['/../..', ''],
])('%s is routed as %s', (raw, path) => {
  expect(requestPath(raw)).toBe(path)
})
