import { type Clock, realClock } from '../../../shared/clock.ts'
import type { DataPlane } from '../../../shared/registries/data-plane/data-plane.ts'
import { decide } from '../../../shared/retention/decide.ts'
import { policySchema, ruleSchema } from '../../../shared/retention/policy.ts'
import { type Scan, scanRepository } from '../../../shared/retention/scan.ts'
import { type SweepResult, sweep } from '../../../shared/retention/sweep.ts'
import { OCI_INDEX, type RegistryWorld, registryWorld } from '../../local/cloud/container-registry/registry-world.ts'
import { type Opened, openDataPlane } from '../registries/data-plane/open.ts'

let world: RegistryWorld
let registry: Opened
beforeAll(async () => {
  world = await registryWorld({ sku: 'Premium' })
  const credentials = await world.arm('POST', '/listCredentials')
  const { username, passwords } = credentials.body
  registry = openDataPlane({
    url: world.cloud.url,
    loginServer: `${world.name}.azurecr.io`,
    credential: { kind: 'basic', username, password: passwords[0].value },
    sku: 'Premium',
  })
})
afterAll(async () => {
  registry.close()
  await world.stop()
})

const rule = ruleSchema.parse({ name: 'all', untaggedDays: 0, minimumAgeDays: 0 })
const NOTHING = Promise.resolve(new Map())
const policy = policySchema.parse({ brake: { manifests: 1_000_000, share: 1 } })

async function scanOf(repository: string): Promise<Scan> {
  const scan = await scanRepository(registry, repository, NOTHING, realClock)
  if (typeof scan === 'string') throw new Error(scan)
  return scan
}

/** As if everything was old. */
function decided(scan: Scan) {
  const now = Math.floor(realClock.now() / 1000) + 10
  const { manifests, bodies, state } = scan
  return decide({ manifests, bodies, repositoryLocked: state.locked, untaggedSince: () => 0, now }, rule, policy)
}

function swept(repository: string, scan: Scan, dataPlane: DataPlane = registry, clock: Clock = realClock): Promise<SweepResult> {
  const decision = decided(scan)
  const planned = new Set(decision.deletable.map(({ digest }) => digest))
  const until = realClock.now() + 3_600_000
  return sweep({ dataPlane, repository, scan, decision, planned, recorded: Promise.resolve(), clock, until })
}

/** Real time, and what it is put forward. */
function hastyClock() {
  let ahead = 0
  return {
    now: () => realClock.now() + ahead,
    advance: (ms: number) => {
      ahead += ms
    },
  }
}

/** The deletion of this manifest has to wait for its turn; this happens meanwhile. */
function waitingFor(digest: string, happen: () => Promise<unknown>) {
  const clock = hastyClock()
  const remove: DataPlane['remove'] = async (name, one, lastLook) => {
    if (one === digest) {
      await happen()
      clock.advance(5_000)
    }
    return registry.remove(name, one, lastLook)
  }
  return [{ ...registry, remove }, clock] as const
}

const outcomes = ({ swept }: SweepResult) => [...swept.values()].map(({ outcome }) => outcome)
const remaining = async (repository: string) => ((await registry.manifests(repository))?.manifests ?? []).map(({ digest }) => digest).sort()
const index = (...children: string[]) => ({
  mediaType: OCI_INDEX,
  body: { manifests: children.map((digest) => ({ mediaType: OCI_INDEX, digest, size: 1 })) },
})
const seed = (repository: string, ...groups: object[]) =>
  world.send('POST', '/_slipway/seed', { body: { repositories: [{ name: repository, groups }] }, as: null })

test('a listing of several pages is complete, and what can be deleted is deleted', async () => {
  await seed('large', { count: 50, platforms: 2, tag: 'v' }, { count: 700, platforms: 1 })
  const scan = await scanOf('large')
  expect(scan.manifests).toHaveLength(1550)
  const before = registry.asked.length
  const result = await swept('large', scan)
  expect(outcomes(result)).toEqual(Array(1400).fill('deleted'))
  expect(await remaining('large')).toHaveLength(150)
  const calls = registry.asked.slice(before).filter((call) => call.startsWith('GET'))
  // Pages tell of many at once.
  expect(calls.length).toBeLessThan(300)
})

test('an image that is tagged again between decision and deletion stays with all it is made of', async () => {
  const child = await world.push('retagged', undefined, { layer: 'child' })
  const parent = await world.push('retagged', undefined, index(child))
  const other = await world.push('retagged', undefined, { layer: 'other' })
  const scan = await scanOf('retagged')
  const stale = { ...scan, seenAt: 0 }
  await world.push('retagged', 'again', index(child))
  expect((await swept('retagged', stale)).swept).toEqual(
    new Map([
      [parent, { outcome: 'retagged' }],
      [child, { outcome: 'bound' }],
      [other, { outcome: 'deleted' }],
    ]),
  )
  expect(await remaining('retagged')).toEqual([child, parent].sort())
})

test('an image that is pushed between decision and deletion keeps what it is made of', async () => {
  const child = await world.push('newcomer', undefined, { layer: 'child' })
  await world.push('newcomer', 'other', { layer: 'other' })
  const scan = await scanOf('newcomer')
  await world.push('newcomer', 'new', index(child))
  expect(outcomes(await swept('newcomer', { ...scan, seenAt: 0 }))).toEqual(['bound'])
  expect(await remaining('newcomer')).toContain(child)
})

test('an index that is pushed again once it is deleted keeps its parts', async () => {
  const child = await world.push('again', undefined, { layer: 'child' })
  const parent = await world.push('again', undefined, index(child))
  await world.push('again', 'v1', { layer: 'other' })
  const { swept: result } = await swept(
    'again',
    await scanOf('again'),
    ...waitingFor(child, () => world.push('again', 'latest', index(child))),
  )
  expect(result).toEqual(
    new Map([
      [parent, { outcome: 'deleted' }],
      [child, { outcome: 'bound' }],
    ]),
  )
  expect(await remaining('again')).toEqual(expect.arrayContaining([parent, child]))
})

test('a signature that gets a tag while its image waits to be deleted stays, and the image with it', async () => {
  const image = await world.push('signed', undefined, { layer: 'image' })
  const signature = await world.push('signed', undefined, { layer: 'signature', subject: image })
  const { swept: result } = await swept(
    'signed',
    await scanOf('signed'),
    ...waitingFor(image, () => world.push('signed', 'keep', { layer: 'signature', subject: image })),
  )
  expect(result).toEqual(
    new Map([
      [signature, { outcome: 'retagged' }],
      [image, { outcome: 'bound' }],
    ]),
  )
  expect(await remaining('signed')).toEqual([image, signature].sort())
})

test('what is pushed while the last look itself has to wait keeps what it is made of', async () => {
  const child = await world.push('slow', undefined, { layer: 'child' })
  const scan = await scanOf('slow')
  const clock = hastyClock()
  let looks = 0
  const manifest: DataPlane['manifest'] = async (name, digest) => {
    const before = await registry.manifest(name, digest)
    if (looks++ === 0) {
      await world.push('slow', 'new', index(child))
      clock.advance(5_000)
    }
    return before
  }
  expect(outcomes(await swept('slow', scan, { ...registry, manifest, isThrottling: () => true }, clock))).toEqual(['bound'])
  expect(await remaining('slow')).toContain(child)
})

test('nothing is deleted while every look takes so long that another one has gone stale', async () => {
  const child = await world.push('slower', undefined, { layer: 'child' })
  const scan = await scanOf('slower')
  const clock = hastyClock()
  const manifest: DataPlane['manifest'] = (name, digest) => {
    clock.advance(60_000)
    return registry.manifest(name, digest)
  }
  const result = await swept('slower', scan, { ...registry, manifest, isThrottling: () => true }, clock)
  expect(result).toEqual({ swept: new Map(), unfinished: true })
  expect(await remaining('slower')).toEqual([child])
})

test('what is locked meanwhile stays, what is deleted meanwhile is done', async () => {
  const locked = await world.push('meanwhile', undefined, { layer: 'locked' })
  const gone = await world.push('meanwhile', undefined, { layer: 'gone' })
  await world.push('meanwhile', 'v1', { layer: 'tagged' })
  const scan = await scanOf('meanwhile')
  await world.send('PATCH', `/acr/v1/meanwhile/_manifests/${locked}`, { body: { writeEnabled: false } })
  await world.send('DELETE', `/v2/meanwhile/manifests/${gone}`)
  // Believed to be fresh, so that the registry itself has to say it.
  const { swept: result } = await swept('meanwhile', { ...scan, seenAt: realClock.now() })
  expect(result).toEqual(
    new Map([
      [locked, { outcome: 'locked' }],
      [gone, { outcome: 'gone' }],
    ]),
  )
})

test('one deletion that is refused does not stop the others, and keeps what it is made of', async () => {
  const child = await world.push('refused', undefined, { layer: 'child' })
  const parent = await world.push('refused', undefined, index(child))
  const others = await Promise.all([1, 2, 3].map((n) => world.push('refused', undefined, { layer: `other ${n}` })))
  world.cloud.setFaults({ rules: [{ match: { path: parent, method: 'DELETE' }, fault: 'deny' }] })
  const { swept: result } = await swept('refused', await scanOf('refused'))
  world.cloud.setFaults({ rules: [] })
  expect(result.get(parent)).toMatchObject({ outcome: 'failed', problem: { code: 'permission' } })
  expect(result.get(child)).toEqual({ outcome: 'bound' })
  for (const digest of others) expect(result.get(digest)).toEqual({ outcome: 'deleted' })
})

test('when nothing is allowed any more, the rest is told of and not asked for', async () => {
  await seed('forbidden', { count: 200 }, { tag: 'v' })
  world.cloud.setFaults({ rules: [{ match: { path: '/v2/forbidden', method: 'DELETE' }, fault: 'deny' }] })
  const before = registry.asked.length
  const { swept: result, unfinished } = await swept('forbidden', await scanOf('forbidden'))
  world.cloud.setFaults({ rules: [] })
  expect(unfinished).toBe(false)
  expect([...result.values()]).toEqual(Array(200).fill({ outcome: 'failed', problem: expect.objectContaining({ code: 'permission' }) }))
  expect(registry.asked.slice(before).filter((call) => call.startsWith('DELETE')).length).toBeLessThan(100)
})

test('a manifest that the listing hides makes the scan incomplete', async () => {
  const hidden = await world.push('hidden', 'v1', { layer: 'hidden' })
  await world.push('hidden', 'v2', { layer: 'shown' })
  await world.send('PATCH', `/acr/v1/hidden/_manifests/${hidden}`, { body: { listEnabled: false } })
  expect(await scanRepository(registry, 'hidden', NOTHING, realClock)).toBe('incomplete')
})

/** This happens right before, or right after, what is asked for is listed. */
function happening(when: 'before' | 'after', happen: () => Promise<unknown>): DataPlane {
  let counted: Promise<unknown> = Promise.resolve()
  return {
    ...registry,
    repository(name) {
      const count = registry.repository(name)
      counted = count
      return count
    },
    async manifests(name, page) {
      await counted
      if (page?.newestFirst) return registry.manifests(name, page)
      if (when === 'before') await happen()
      const found = await registry.manifests(name, page)
      if (when === 'after') await happen()
      return found
    },
  }
}

test.each([
  ['pushed before its turn', 'before'],
  ['deleted after its turn', 'after'],
] as const)('a manifest that the listing hides makes the scan incomplete although another one is %s', async (_, when) => {
  const repository = `hidden-${when}`
  const hidden = await world.push(repository, 'v1', { layer: 'hidden' })
  const old = await world.push(repository, 'v2', { layer: 'old' })
  await world.push(repository, 'v3', { layer: 'shown' })
  await world.send('PATCH', `/acr/v1/${repository}/_manifests/${hidden}`, { body: { listEnabled: false } })
  const happen = () =>
    when === 'before' ? world.push(repository, 'new', { layer: 'new' }) : world.send('DELETE', `/v2/${repository}/manifests/${old}`)
  expect(await scanRepository(happening(when, happen), repository, NOTHING, realClock)).toBe('incomplete')
})

test('a repository to which something is pushed during each listing is listed completely all the same', async () => {
  const pushed = [await world.push('busy', 'v0', { layer: '0' })]
  const busy = happening('after', async () => pushed.push(await world.push('busy', `v${pushed.length}`, { layer: `${pushed.length}` })))
  const scan = await scanRepository(busy, 'busy', NOTHING, realClock)
  if (typeof scan === 'string') throw new Error(scan)
  expect(scan.manifests.map(({ digest }) => digest)).toEqual(pushed)
  expect([...scan.bodies.keys()]).toEqual(pushed)
})

test('a repository that is not there is gone', async () => {
  expect(await scanRepository(registry, 'nowhere', NOTHING, realClock)).toBe('gone')
})
