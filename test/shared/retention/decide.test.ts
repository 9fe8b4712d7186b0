import { bodyFrom } from '../../../shared/registries/data-plane/wire.ts'
import { DAY, DOCKER_IMAGE, DOCKER_LIST, type Drawn, decideOn, deletedFrom, keptFrom, NOW, OCI_INDEX, ORAS } from './repository.ts'

const tagged = ['v1']

test('a lone old untagged manifest goes, a tagged one stays', () => {
  const drawn = [{ name: 'old' }, { name: 'in use', tags: tagged }]
  expect(deletedFrom(drawn)).toEqual(['old'])
  expect(keptFrom(drawn)).toEqual({ 'in use': 'tagged' })
})

test.each([DOCKER_IMAGE, DOCKER_LIST, OCI_INDEX, ORAS])('an old untagged %s goes', (mediaType) => {
  expect(deletedFrom([{ name: 'old', mediaType }])).toEqual(['old'])
})

describe('what breaks images elsewhere', () => {
  test('A: the platforms of a locked image stay, tagged or not', () => {
    const children = ['amd64', 'arm64']
    for (const tags of [tagged, []])
      expect(deletedFrom([{ name: 'image', children, tags, locked: true }, ...children.map((name) => ({ name }))])).toEqual([])
  })

  test('B: an index that speaks about a tagged image stays with its parts', () => {
    const drawn = [{ name: 'image', tags: tagged }, { name: 'attestation', children: ['part'], subject: 'image' }, { name: 'part' }]
    expect(keptFrom(drawn)).toEqual({ image: 'tagged', attestation: 'referrer', part: 'child' })
  })

  test('C: the newest untagged image is kept with its parts', () => {
    const drawn = [
      { name: 'newest', children: ['part'], pushedOn: NOW - 10 * DAY },
      { name: 'part', pushedOn: NOW - 11 * DAY },
      { name: 'older', pushedOn: NOW - 12 * DAY },
    ]
    expect(deletedFrom(drawn, { rule: { keepNewest: 1 } })).toEqual(['older'])
    expect(keptFrom(drawn, { rule: { keepNewest: 1 } })).toEqual({ newest: 'newest', part: 'child' })
  })

  test('D: an ORAS signature of a tagged image stays', () => {
    expect(
      deletedFrom([
        { name: 'image', tags: tagged },
        { name: 'signature', mediaType: ORAS, subject: 'image' },
      ]),
    ).toEqual([])
  })

  test('E: the subject of a tagged referrer stays, and all that refers to it', () => {
    const drawn = [
      { name: 'image' },
      { name: 'signature', tags: tagged, subject: 'image' },
      { name: 'bill of materials', subject: 'image' },
    ]
    expect(keptFrom(drawn)).toEqual({ signature: 'tagged', image: 'subject', 'bill of materials': 'referrer' })
  })

  test('F: an index with a missing part neither stops the others nor loses the rest', () => {
    const drawn = [{ name: 'image', children: ['missing', 'part'], tags: tagged }, { name: 'part' }, { name: 'old' }]
    expect(deletedFrom(drawn)).toEqual(['old'])
  })

  test('I: parts that were pushed before their index stay while they are young', () => {
    const drawn = [{ name: 'part', pushedOn: NOW - 3600 }]
    expect(deletedFrom(drawn)).toEqual([])
    expect(keptFrom(drawn)).toEqual({ part: 'young' })
    expect(decideOn(drawn).nextDue).toBe(NOW - 3600 + DAY)
  })

  test('parts of nested indexes stay', () => {
    const drawn = [
      { name: 'outer', children: ['inner'], tags: tagged },
      { name: 'inner', children: ['part'], mediaType: DOCKER_LIST },
      { name: 'part', mediaType: DOCKER_IMAGE },
    ]
    expect(deletedFrom(drawn)).toEqual([])
  })
})

test.each<[string, Partial<Drawn>]>([
  ['locked', { locked: true }],
  ['quarantined', { quarantined: true }],
  ['unknown-type', { mediaType: 'application/x-new' }],
  ['unreadable', { body: 'unreadable' }],
  ['young', { pushedOn: NOW - DAY / 2 }],
  ['waiting', { untaggedDays: 6.9 }],
])('%s manifests stay with what they are made of', (reason, given) => {
  expect(keptFrom([{ name: 'one', children: ['part'], ...given }])).toMatchObject({ one: reason })
  if (!given.body) expect(keptFrom([{ name: 'one', children: ['part'], ...given }, { name: 'part' }])).toMatchObject({ part: 'child' })
})

test('a manifest whose push time nobody knows stays', () => {
  const { pushedOn: _, ...rest } = { name: 'undated', pushedOn: 0 }
  expect(keptFrom([{ ...rest, ...{ pushedOn: Number.POSITIVE_INFINITY } }])).toEqual({ undated: 'young' })
})

test('the days count from when it was seen untagged, not from the push', () => {
  expect(deletedFrom([{ name: 'pushed long ago', pushedOn: NOW - 900 * DAY, untaggedDays: 1 }])).toEqual([])
  expect(decideOn([{ name: 'one', untaggedDays: 1 }]).nextDue).toBe(NOW + 6 * DAY)
})

test('an image with more annotations than are remembered stays where any annotation protects', () => {
  const annotations = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`org.example.${index}`, 'x']))
  const names = (count: number, value: string) => {
    const body = bodyFrom(JSON.stringify({ annotations: { ...annotations(count), 'org.example.keep': value } }))
    return deletedFrom([{ name: 'image', body }], { policy: { protectedAnnotations: [{ name: 'org.example.keep', value: 'yes' }] } })
  }
  expect([names(62, 'yes'), names(62, 'no')]).toEqual([[], ['image']])
  expect(names(64, 'yes')).toEqual([])
  expect(deletedFrom([{ name: 'image', annotations: annotations(64) }])).toEqual(['image'])
})

test('protected digests and annotations stay', () => {
  const drawn = [{ name: 'deployed' }, { name: 'released', annotations: { 'org.example.keep': 'yes' } }, { name: 'old' }]
  const [deployed] = decideOn(drawn).deletable
  const policy = { protectedDigests: [deployed?.digest ?? ''], protectedAnnotations: [{ name: 'org.example.keep' }] }
  expect(keptFrom(drawn, { policy })).toEqual({ deployed: 'protected-digest', released: 'protected-annotation' })
  expect(deletedFrom(drawn, { policy: { protectedAnnotations: [{ name: 'org.example.keep', value: 'no' }] } })).toContain('released')
})

test('a body that cannot be read holds the whole repository, and the preview still says what would go', () => {
  const decision = decideOn([{ name: 'strange', body: 'unreadable' }, { name: 'old' }])
  expect(decision.hold).toBe('unreadable')
  expect(decision.deletable).toHaveLength(1)
})

test('a locked repository is held', () => {
  expect(decideOn([{ name: 'old' }], { repositoryLocked: true }).hold).toBe('repository-locked')
})

test.each([
  ['more manifests than the brake lets', { manifests: 1, share: 1 }, 'brake'],
  ['a larger share than the brake lets', { manifests: 10, share: 0.5 }, 'brake'],
  ['as many as the brake lets', { manifests: 2, share: 0.7 }, undefined],
])('%s', (_, brake, hold) => {
  const drawn = [{ name: 'a' }, { name: 'b' }, { name: 'c', tags: tagged }]
  expect(decideOn(drawn, { policy: { brake } }).hold).toBe(hold)
})

test('indexes go before their parts, an image before its signature, also where an index speaks about its own part', () => {
  const drawn = [
    { name: 'signature of the signature', subject: 'signature' },
    { name: 'signature', subject: 'part' },
    { name: 'part' },
    { name: 'index', children: ['part', 'inner'], subject: 'part' },
    { name: 'inner', children: ['part'] },
  ]
  expect(deletedFrom(drawn)).toEqual(['index', 'inner', 'part', 'signature', 'signature of the signature'])
  expect(deletedFrom(drawn, { rule: { keepNewest: 1 } })).toEqual([])
})

test('a repository of any size can wait', () => {
  const drawn = Array.from({ length: 150_000 }, (_, number) => ({ name: `${number}`, untaggedDays: 1 }))
  expect(decideOn(drawn, { rule: { untaggedDays: 7 } })).toMatchObject({ deletable: [], nextDue: NOW + 6 * DAY })
})
