import { type Answer, OCI_INDEX, OCI_MANIFEST, type RegistryWorld, registryWorld } from './registry-world.ts'

let world: RegistryWorld
beforeAll(async () => {
  world = await registryWorld()
})
afterAll(() => world.stop())

const get = async (path: string) => (await world.send('GET', path)).body

/** All pages, by following the links as they are given. */
async function pages(path: string): Promise<Answer['body'][]> {
  const found: Answer['body'][] = []
  for (let next: string | undefined = path; next !== undefined; ) {
    const answer: Answer = await world.send('GET', next)
    expect(answer.status).toBe(200)
    found.push(answer.body)
    next = /^<(.+)>; rel="next"$/.exec(String(answer.headers.link ?? ''))?.[1]
  }
  return found
}

test('a manifest is listed with its platform, times, tags and locks, and without its references', async () => {
  const child = await world.push('listed/multi', undefined, { layer: 'one platform' })
  const manifests = [{ mediaType: OCI_MANIFEST, digest: child, size: 3, platform: { architecture: 'arm64', os: 'linux' } }]
  const index = await world.push('listed/multi', 'v1', { mediaType: OCI_INDEX, body: { manifests } })
  const { manifests: listed, ...rest } = await get('/acr/v1/listed%2Fmulti/_manifests')
  expect(rest).toEqual({ registry: 'testregistry.azurecr.io', imageName: 'listed/multi' })
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/)
  const changeableAttributes = { deleteEnabled: true, writeEnabled: true, readEnabled: true, listEnabled: true }
  const image = listed.find(({ digest }: { digest: string }) => digest === child)
  expect(image).toEqual({
    digest: child,
    imageSize: expect.any(Number),
    createdTime: time,
    lastUpdateTime: time,
    architecture: 'arm64',
    os: 'linux',
    mediaType: OCI_MANIFEST,
    configMediaType: 'application/vnd.oci.image.config.v1+json',
    changeableAttributes,
  })
  expect(listed.find(({ digest }: { digest: string }) => digest === index)).toMatchObject({ mediaType: OCI_INDEX, tags: ['v1'] })
  const single = await get(`/acr/v1/listed/multi/_manifests/${index}`)
  expect(single.manifest.references).toEqual([{ digest: child, architecture: 'arm64', os: 'linux' }])
  expect(await get('/acr/v1/listed/multi')).toMatchObject({ manifestCount: 2, tagCount: 1, lastUpdateTime: time })
})

test('manifests come in pages: by digest, by time, with links that go on where a page ended', async () => {
  const pushed: string[] = []
  for (const tag of ['a', 'b', 'c', 'd', 'e']) pushed.push(await world.push('paged', tag))
  const digests = (found: Answer['body'][]) => found.map((page) => page.manifests.map(({ digest }: { digest: string }) => digest))
  const byDigest = await pages('/acr/v1/paged/_manifests?n=2')
  expect(digests(byDigest).flat()).toEqual([...pushed].sort())
  expect(byDigest.map((page) => page.manifests.length)).toEqual([2, 2, 1])
  const byTime = digests(await pages('/acr/v1/paged/_manifests?n=2&orderby=timedesc')).flat()
  expect([...byTime].sort()).toEqual([...pushed].sort())
  const { headers } = await world.send('GET', '/acr/v1/paged/_manifests?n=1')
  expect(headers.link).toBe(`</acr/v1/paged/_manifests?last=${encodeURIComponent([...pushed].sort()[0] ?? '')}&n=1&orderby=>; rel="next"`)
  expect((await get(`/acr/v1/paged/_manifests?last=${'z'}`)).manifests).toBeNull()
  expect((await world.send('GET', '/acr/v1/paged/_manifests?n=0')).status).toBe(400)
})

test('a page asked for after its last digest was deleted goes on at the next one', async () => {
  const pushed: string[] = []
  for (const tag of ['a', 'b', 'c', 'd']) pushed.push(await world.push('shrinking', tag))
  const [first = '', second = '', ...rest] = [...pushed].sort()
  await world.send('DELETE', `/v2/shrinking/manifests/${second}`)
  const next = await get(`/acr/v1/shrinking/_manifests?n=10&last=${second}`)
  expect(next.manifests.map(({ digest }: { digest: string }) => digest)).toEqual(rest)
  expect(first).toMatch(/^sha256:/)
})

test('repositories and tags come in pages', async () => {
  for (const name of ['cat/one', 'cat/two']) await world.push(name, 'v1')
  const names = (await pages('/acr/v1/_catalog?n=1')).flatMap(({ repositories }) => repositories)
  expect(names).toEqual(expect.arrayContaining(['cat/one', 'cat/two']))
  expect(names).toEqual([...names].sort())
  expect((await get('/v2/_catalog?n=1000')).repositories).toEqual(names)
  expect((await get('/acr/v1/_catalog?last=zzz')).repositories).toBeNull()
  for (const tag of ['c', 'a', 'b']) await world.push('tagged', tag, { layer: 'same' })
  expect((await pages('/acr/v1/tagged/_tags?n=2')).map(({ tags }) => tags.map(({ name }: { name: string }) => name))).toEqual([
    ['a', 'b'],
    ['c'],
  ])
  expect((await get('/v2/tagged/tags/list')).tags).toEqual(['a', 'b', 'c'])
  expect((await get('/acr/v1/tagged/_tags/b')).tag).toMatchObject({ name: 'b', digest: expect.stringMatching(/^sha256:/) })
})

test('a tag that moves leaves the former image untagged, its times as they were', async () => {
  const before = await world.push('moving', 'latest', { layer: 'old' })
  const { manifest } = await get(`/acr/v1/moving/_manifests/${before}`)
  const after = await world.push('moving', 'latest', { layer: 'new' })
  expect((await get(`/acr/v1/moving/_manifests/${before}`)).manifest).toEqual({ ...manifest, tags: undefined })
  expect((await get(`/acr/v1/moving/_manifests/${after}`)).manifest.tags).toEqual(['latest'])
})

test('what is not there is answered with its own code', async () => {
  await world.push('present', 'v1')
  const code = async (path: string) => (await world.send('GET', path)).body.errors[0].code
  expect(await code('/acr/v1/absent')).toBe('NAME_UNKNOWN')
  expect(await code('/acr/v1/absent/_manifests')).toBe('NAME_UNKNOWN')
  expect(await code(`/acr/v1/present/_manifests/sha256:${'0'.repeat(64)}`)).toBe('MANIFEST_UNKNOWN')
  expect(await code('/v2/present/manifests/v2')).toBe('MANIFEST_UNKNOWN')
  expect(await code('/acr/v1/present/_tags/v2')).toBe('TAG_UNKNOWN')
  expect((await world.send('GET', '/elsewhere')).status).toBe(404)
})

test('what is attached to an image is found by its digest', async () => {
  const image = await world.push('signed', 'v1')
  const signature = await world.push('signed', undefined, { layer: 'signature', subject: image })
  const { headers, body } = await world.send('GET', `/v2/signed/referrers/${image}`)
  expect(headers['content-type']).toBe(OCI_INDEX)
  expect(body.manifests).toMatchObject([
    { digest: signature, mediaType: OCI_MANIFEST, artifactType: 'application/vnd.oci.image.config.v1+json' },
  ])
  expect((await get(`/v2/signed/referrers/${signature}`)).manifests).toEqual([])
  expect((await get(`/v2/signed/referrers/${image}?artifactType=other`)).manifests).toEqual([])
})
