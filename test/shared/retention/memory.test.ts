import type { Known } from '../../../shared/retention/memory.ts'
import { findHead, learn, loadManifests, saveMemory } from '../../../shared/retention/memory.ts'
import { toCsv } from '../../../shared/retention/report.ts'
import { testServices } from '../../services.ts'
import { DAY, digestOf, manifestOf, NOW } from './repository.ts'

const services = testServices()
const app = manifestOf({ name: 'app' })
const inUse = manifestOf({ name: 'in use', tags: ['v1'] })
const since = (learned: ReadonlyMap<string, Known>) => learned.get(app.digest)?.since
const given = { manifests: [app, inUse], bodies: new Map(), now: NOW, backlog: 'first-seen' } as const

test('the days begin when a manifest is first seen untagged, or where the policy says so at its push', () => {
  expect(since(learn({ ...given, before: undefined }))).toBe(NOW)
  expect(since(learn({ ...given, before: undefined, backlog: 'push-time' }))).toBe(NOW - 30 * DAY)
  expect(learn({ ...given, before: undefined }).get(inUse.digest)).toEqual({})
})

describe('with an earlier look', () => {
  const scannedOn = NOW - DAY
  const firstOn = NOW - 9 * DAY
  const seen = (known: Known) => ({ scannedOn, firstOn, manifests: new Map([[app.digest, known]]) })
  const tagged = seen({})

  test('what is untagged already keeps its days', () => {
    const known = NOW - 5 * DAY
    expect(since(learn({ ...given, before: seen({ since: known }) }))).toBe(known)
    expect(since(learn({ ...given, before: seen({ since: known }), backlog: 'push-time' }))).toBe(known)
  })

  test('what was untagged at the first look begins as the policy says now, whatever it said then', () => {
    for (const known of [firstOn, NOW - 30 * DAY]) {
      expect(since(learn({ ...given, before: seen({ since: known }) }))).toBe(firstOn)
      expect(since(learn({ ...given, before: seen({ since: known }), backlog: 'push-time' }))).toBe(NOW - 30 * DAY)
    }
  })

  test('what lost its tag begins at the event that tells of it, unless that is older than the last look, and never in the future', () => {
    expect(since(learn({ ...given, before: tagged }))).toBe(NOW)
    expect(since(learn({ ...given, before: tagged, eventOn: NOW - 60 }))).toBe(NOW - 60)
    expect(since(learn({ ...given, before: tagged, eventOn: 1 }))).toBe(NOW)
    expect(since(learn({ ...given, before: tagged, eventOn: NOW + DAY }))).toBe(NOW)
  })

  test('what was deleted and pushed again begins at its push, whatever is remembered of it', () => {
    const manifests = [{ ...app, pushedOn: NOW - 60 }]
    for (const backlog of ['first-seen', 'push-time'] as const)
      for (const known of [firstOn, NOW - 5 * DAY])
        expect(since(learn({ ...given, manifests, backlog, before: seen({ since: known }) }))).toBe(NOW - 60)
  })

  test('what has a tag again forgets its days', () => {
    const learned = learn({
      ...given,
      manifests: [{ ...app, tags: ['back'] }],
      before: seen({ since: 5 }),
    })
    expect(since(learned)).toBeUndefined()
  })
})

test('what was learned of thousands of manifests is found again, and replaced as a whole', async () => {
  const state = { manifestCount: 9000, tagCount: 0, lastUpdateTime: 'x', locked: false }
  const head = { state, scannedOn: NOW, firstOn: NOW, rules: 'r' }
  const manifests = new Map<string, Known>(
    Array.from({ length: 9000 }, (_, index) => [
      digestOf(`${index}`),
      index % 2
        ? { since: index }
        : { body: { children: [digestOf('child')], subject: digestOf('subject'), annotations: { name: 'ä%😀' } } },
    ]),
  )
  const first = await saveMemory(services, 'registry', 'team/app', head, { before: undefined, manifests })
  expect(first.chunks).toBeGreaterThan(1)
  expect(await loadManifests(services, 'registry', 'team/app', first)).toEqual(manifests)
  const fewer = new Map([...manifests].slice(0, 10))
  await saveMemory(services, 'registry', 'team/app', head, { before: first, manifests: fewer })
  const second = await findHead(services, 'registry', 'team/app')
  expect(second && (await loadManifests(services, 'registry', 'team/app', second))).toEqual(fewer)
  await expect(loadManifests(services, 'registry', 'team/app', first)).rejects.toThrow('missing')
})

test('a table for a spreadsheet holds no formulas and no broken cells', () => {
  const line = {
    repository: 'app',
    rule: '=1+1',
    digest: 'sha256:1',
    mediaType: 'a,"b"',
    size: 5,
    pushedOn: 0,
    decision: 'keep',
    reason: 'young',
    outcome: 'kept',
  } as const
  expect(toCsv([line])).toBe(
    'repository,digest,mediaType,size,pushedOn,untaggedSince,rule,decision,reason,by,outcome,problem\r\n' +
      `app,sha256:1,"a,""b""",5,1970-01-01T00:00:00Z,,'=1+1,keep,young,,kept,\r\n`,
  )
})
