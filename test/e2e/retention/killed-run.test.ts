import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { LandingZone } from '../../../local/cloud/landing-zone.ts'
import { discard, startLocalWorld } from '../../world.ts'
import { Api } from '../api.ts'
import { kill } from '../sweep/killer.ts'
import { choices, tell } from '../sweep/seed.ts'
import { armOf, makeRegistry } from './made-registry.ts'
import { adopted, atOnce, everything } from './retention-world.ts'

const KILLS = 20
const REPOSITORIES = ['a', 'b', 'team/c', 'team/d', 'team/e', 'f']

test('a run that is killed twenty times deletes exactly what its preview said', async () => {
  const chosen = choices()
  tell(`killed retention run, SLIPWAY_SWEEP_SEED=${chosen.seed}`)
  const world = await startLocalWorld('--speed', '1000', '--seed', `${chosen.seed}`)
  try {
    const api = new Api(world)
    const zone: LandingZone = JSON.parse(readFileSync(path.join(world.data, 'azure/landing-zone.json'), 'utf8'))
    const made = await makeRegistry(world.azure, armOf(world.azure, zone), zone, 'killedruns', { sku: 'Premium' })
    const policy = { ...atOnce, rules: [{ ...everything, keepNewest: 3 }], backlog: 'push-time' }
    const body = {
      loginServer: 'killedruns.azurecr.io',
      sku: 'Premium',
      authentication: 'basic',
      username: made.user,
      password: made.password,
      policy,
    }
    const answer = await api.insist<{ registry: { id: string } }>('POST', '/api/registries', body)
    const registry = adopted(api, answer.payload.registry.id)
    for (const repository of REPOSITORIES) {
      const images = [
        { count: 20, tag: 'v', platforms: 2, signatures: 1 },
        { count: 100, age: 10 },
        { count: 30, platforms: 2, signatures: 1, age: 20 },
      ]
      await made.seed(repository, ...images)
    }
    const before = await Promise.all(REPOSITORIES.map((repository) => made.digests(repository)))
    const preview = await registry.run({ dryRun: true })
    const planned = (await registry.report(preview.id)).filter(({ decision }) => decision === 'delete')
    expect(planned).toHaveLength(REPOSITORIES.length * (100 + 30 * 4 - 3))

    // Slow enough that every kill falls into the work.
    await made.send('PUT', '/_slipway/knobs', { body: { latencyMs: 150, callsPerMinute: { delete: 100_000 } }, as: null })
    const run = await registry.start()
    const kills: string[] = []
    await kill(world, chosen, KILLS, ['host'], (told) => kills.push(told))
    const ended = await registry.ended(run, 180)
    expect({ kills, ...ended }).toMatchObject({ state: 'succeeded', totals: { deleted: planned.length, failed: 0, spared: 0 } })

    const gone = new Set(planned.map(({ repository, digest }) => `${repository} ${digest}`))
    const after = await Promise.all(REPOSITORIES.map((repository) => made.digests(repository)))
    expect(after).toEqual(before.map((digests, index) => digests.filter((digest) => !gone.has(`${REPOSITORIES[index]} ${digest}`))))
    const told = (await registry.report(run)).filter(({ outcome }) => outcome === 'deleted')
    expect(told.map(({ digest }) => digest).sort()).toEqual(planned.map(({ digest }) => digest).sort())
  } finally {
    await discard(world)
  }
}, 400_000)
