import { OCI_INDEX, OCI_MANIFEST } from '../../local/cloud/container-registry/registry-world.ts'
import type { Skopeo } from '../../local/cloud/container-registry/skopeo.ts'
import { atOnce, everything, type PolicyGiven, type RegistryUnderTest, type RetentionWorld, retentionWorld } from './retention-world.ts'

const ORAS = 'application/vnd.cncf.oras.artifact.manifest.v1+json'

let world: RetentionWorld
beforeAll(async () => {
  world = await retentionWorld()
}, 300_000)
afterAll(() => world?.end())

let made = 0
async function registry(
  policy: PolicyGiven = atOnce,
): Promise<RegistryUnderTest & { readonly skopeo: Skopeo; pull(reference: string): Promise<void> }> {
  const registry = await world.registry(`kept${++made}`, { policy })
  const skopeo = world.skopeo(registry)
  const pull = (reference: string) => skopeo.copy(`docker://${registry.name}.azurecr.io/${reference}`, `dir:${world.home}/pulled-${++made}`)
  return { ...registry, skopeo, pull }
}

const image = (digest: string) => ({ mediaType: OCI_MANIFEST, digest, size: 1, platform: { architecture: 'amd64', os: 'linux' } })
const index = (...children: string[]) => ({ mediaType: OCI_INDEX, body: { manifests: children.map(image) } })
/** Something that every run has to delete: else the case would prove nothing. */
const old = (registry: RegistryUnderTest) => registry.push('app', undefined, { layer: 'old' })

/** A run has deleted exactly these. */
async function cleans(registry: RegistryUnderTest, repository: string, ...gone: readonly string[]) {
  const before = await registry.digests(repository)
  const run = await registry.run()
  expect(run.totals).toMatchObject({ deleted: gone.length })
  expect(await registry.digests(repository)).toEqual(before.filter((digest) => !gone.includes(digest)))
  return run
}

test.each(['tagged', 'untagged'])('A: a locked %s multi-platform image can be pulled after a run', async (kind) => {
  const { pull, ...target } = await registry()
  const [amd64, arm64] = [await target.push('app', undefined, { layer: 'amd64' }), await target.push('app', undefined, { layer: 'arm64' })]
  const top = await target.push('app', kind === 'tagged' ? 'v1' : undefined, index(amd64, arm64))
  await target.send('PATCH', `/acr/v1/app/_manifests/${top}`, { body: { deleteEnabled: false } })
  await cleans(target, 'app', await old(target))
  await pull(kind === 'tagged' ? 'app:v1' : `app@${top}`)
})

test('B: an index that speaks about a tagged image can be pulled after a run, and so can the image', async () => {
  const { pull, ...target } = await registry()
  const subject = await target.push('app', 'v1', { layer: 'image' })
  const part = await target.push('app', undefined, { layer: 'part' })
  const { mediaType, body } = index(part)
  const attestation = await target.push('app', undefined, {
    mediaType,
    body: { ...body, subject: { mediaType: OCI_MANIFEST, digest: subject, size: 1 } },
  })
  await cleans(target, 'app', await old(target))
  await pull('app:v1')
  await pull(`app@${attestation}`)
})

test('C: the newest untagged image that is kept can be pulled with all its platforms', async () => {
  const { pull, ...target } = await registry({ ...atOnce, rules: [{ ...everything, keepNewest: 1 }], backlog: 'push-time' })
  await target.seed('app', { age: 30, count: 3, platforms: 1 })
  await target.seed('app', { age: 10, platforms: 2 })
  const run = await target.run()
  expect(run.totals).toMatchObject({ deleted: 6 })
  const kept = (await target.report(run.id)).find(({ reason }) => reason === 'newest')
  await pull(`app@${kept?.digest}`)
})

test('D: an ORAS signature of a tagged image is there after a run', async () => {
  const { pull, ...target } = await registry()
  const subject = await target.push('app', 'v1', { layer: 'image' })
  const blob = await target.pushBlob('app', 'signature')
  const signature = await target.push('app', undefined, {
    mediaType: ORAS,
    body: {
      artifactType: 'application/vnd.cncf.notary.signature',
      blobs: [{ mediaType: 'application/jose+json', ...blob }],
      subject: { mediaType: OCI_MANIFEST, digest: subject, size: 1 },
    },
  })
  await cleans(target, 'app', await old(target))
  await pull('app:v1')
  expect((await target.send('GET', `/v2/app/manifests/${signature}`, { headers: { Accept: ORAS } })).status).toBe(200)
})

test('E: an untagged image that a tagged signature speaks about can be pulled, and so can the signature', async () => {
  const { pull, ...target } = await registry()
  const subject = await target.push('app', undefined, { layer: 'image' })
  await target.push('app', 'signature', { layer: 'signature', subject })
  await cleans(target, 'app', await old(target))
  await pull(`app@${subject}`)
  await pull('app:signature')
})

test('F: an index with a missing part stops neither its own repository nor the others', async () => {
  const { pull, ...target } = await registry()
  const part = await target.push('app', undefined, { layer: 'part' })
  const inner = await target.push('app', undefined, index(part))
  await target.push('app', 'v1', index(inner, part))
  await target.push('other', 'v1', { layer: 'other' })
  await target.send('DELETE', `/v2/app/manifests/${inner}`)
  const gone = [await old(target), await target.push('other', undefined, { layer: 'old' })]
  const run = await target.run()
  expect(run).toMatchObject({ state: 'succeeded', totals: { deleted: 2 } })
  expect([...(await target.digests('app')), ...(await target.digests('other'))]).not.toEqual(expect.arrayContaining(gone))
  await pull(`app@${part}`)
  await pull('other:v1')
})

test('G: one deletion that is refused stops nothing, and is told', async () => {
  const { pull, ...target } = await registry()
  await target.push('app', 'v1', { layer: 'image' })
  const refused = await old(target)
  const others = await Promise.all([1, 2].map((n) => target.push('zoo', undefined, { layer: `old ${n}` })))
  await target.push('zoo', 'v1', { layer: 'image' })
  world.cloud.setFaults({ rules: [{ match: { path: refused, method: 'DELETE' }, fault: 'deny' }] })
  const run = await target.run()
  world.cloud.setFaults({ rules: [] })
  expect(run).toMatchObject({ state: 'incomplete', totals: { deleted: 2, failed: 1 } })
  expect(await target.digests('zoo')).not.toEqual(expect.arrayContaining(others))
  const failed = (await target.report(run.id)).find(({ digest }) => digest === refused)
  expect(failed).toMatchObject({ outcome: 'failed', problem: expect.stringContaining('refused to delete a manifest') })
  await pull('app:v1')
})

test('H: a registry that throttles is waited for, and everything is deleted in the end', async () => {
  const { pull, ...target } = await registry()
  await target.seed('app', { count: 120 }, { tag: 'v', platforms: 2 })
  // More than are under way at once: a storm, and then another one.
  world.cloud.setFaults({ rules: [{ match: { method: 'DELETE', path: '/v2/app', times: 50 }, fault: 'throttle', retryAfter: 1 }] })
  const run = await target.run()
  world.cloud.setFaults({ rules: [] })
  expect(run).toMatchObject({ state: 'succeeded', totals: { deleted: 120, failed: 0 } })
  await pull('app:v0')
})

test('I: platforms that were pushed before their index stay, and the image can be pulled once the index is there', async () => {
  const { pull, ...target } = await registry({ ...atOnce, rules: [{ ...everything, minimumAgeDays: 1 }], backlog: 'push-time' })
  const parts = [await target.push('app', undefined, { layer: 'amd64' }), await target.push('app', undefined, { layer: 'arm64' })]
  await target.seed('app', { age: 30 })
  const run = await target.run()
  expect(run.totals).toMatchObject({ deleted: 1 })
  await target.push('app', 'v1', index(...parts))
  await pull('app:v1')
  await cleans(target, 'app')
  await pull('app:v1')
})

test('images of the Docker formats are kept and deleted alike', async () => {
  const { pull, ...target } = await registry()
  await target.seed('app', { format: 'docker', tag: 'v', platforms: 2 }, { format: 'docker', count: 5 })
  expect((await target.run()).totals).toMatchObject({ deleted: 5 })
  await pull('app:v0')
})
