import { parseBlobRequest } from '../../../../local/cloud/storage/blob-request.ts'

const parse = (method: string, path: string) => parseBlobRequest(method, new URL(path, 'https://account.blob.core.windows.net'))

test.each([
  ['GET', '/?comp=list', 'listContainers', 'containers/read'],
  ['PUT', '/data?restype=container', 'createContainer', 'containers/write'],
  ['HEAD', '/data?restype=container', 'readContainer', 'containers/read'],
  ['DELETE', '/data?restype=container', 'deleteContainer', 'containers/delete'],
  ['GET', '/data?restype=container&comp=list&maxresults=1', 'listBlobs', 'containers/blobs/read'],
  ['PUT', '/data/a/b.txt', 'writeBlob', 'containers/blobs/write'],
  ['HEAD', '/data/a/b.txt', 'readBlob', 'containers/blobs/read'],
  ['DELETE', '/data/a/b.txt', 'deleteBlob', 'containers/blobs/delete'],
])('%s %s is %s', (method, path, kind, action) => {
  expect(parse(method, path)).toMatchObject({ kind, action: `Microsoft.Storage/storageAccounts/blobServices/${action}` })
})

test('a blob is named by everything after its container, decoded', () => {
  expect(parse('GET', '/data/a%20b/c%2Fd')).toMatchObject({ container: 'data', blob: 'a b/c/d' })
})

test.each([
  ['a block of a larger blob', 'PUT', '/data/blob?comp=block&blockid=MQ=='],
  ['a lease', 'PUT', '/data?restype=container&comp=lease'],
  ['a container without its restype', 'GET', '/data'],
  ['a broken escape', 'GET', '/data/%E0%A4%A'],
])('%s is not understood', (_, method, path) => {
  expect(parse(method, path)).toBeUndefined()
})
