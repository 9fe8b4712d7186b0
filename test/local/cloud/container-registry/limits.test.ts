import { fakeClock } from '../../../../local/clock.ts'
import { rateLimits } from '../../../../local/cloud/container-registry/rate-limits.ts'
import { type RegistryWorld, registryWorld } from './registry-world.ts'

describe('the limits of a registry', () => {
  const deletes = { registry: 'r', sku: 'Basic', identity: 'one', category: 'delete' } as const

  /** How many calls pass before the first 429. */
  function passed(take: () => unknown): number {
    for (let calls = 0; ; calls += 1)
      try {
        take()
      } catch {
        return calls
      }
  }

  test('let a burst of a minute pass, then as many as come back', () => {
    const clock = fakeClock()
    const limits = rateLimits(clock, 1)
    expect(passed(() => limits.take(deletes))).toBe(500)
    clock.advance(6_000)
    expect(passed(() => limits.take(deletes))).toBe(50)
  })

  test('are of each identity, and of all of them together', () => {
    const limits = rateLimits(fakeClock(), 1)
    expect(passed(() => limits.take(deletes))).toBe(500)
    expect(passed(() => limits.take({ ...deletes, identity: 'two' }))).toBe(500)
    expect(passed(() => limits.take({ ...deletes, identity: 'three' }))).toBe(0)
    expect(passed(() => limits.take({ ...deletes, registry: 'other' }))).toBe(500)
    expect(passed(() => limits.take({ ...deletes, registry: 'large', sku: 'Premium' }))).toBe(2_000)
    expect(passed(() => limits.take({ ...deletes, category: 'referrers' }))).toBe(250)
  })

  test('say in Retry-After when the minute ends, counting down', () => {
    const clock = fakeClock()
    const limits = rateLimits(clock, 1)
    passed(() => limits.take({ ...deletes, override: 5 }))
    const retryAfter = () => {
      try {
        limits.take({ ...deletes, override: 5 })
      } catch (error) {
        return (error as { headers: Record<string, string> }).headers['Retry-After']
      }
      return undefined
    }
    expect(retryAfter()).toBe('60')
    clock.advance(10_500)
    expect(retryAfter()).toBe('50')
  })
})

describe('a registry with limits set by hand', () => {
  let world: RegistryWorld
  beforeAll(async () => {
    world = await registryWorld()
  })
  afterAll(() => world.stop())

  const knobs = (body: object) => world.send('PUT', '/_slipway/knobs', { body, as: null })

  test('answers 429 when they are used up, and says when to come back', async () => {
    await world.push('app', 'v1')
    expect((await knobs({ callsPerMinute: { delete: 1 } })).status).toBe(200)
    expect((await world.send('DELETE', '/acr/v1/app/_tags/v1')).status).toBe(202)
    const refused = await world.send('DELETE', '/acr/v1/app')
    expect([refused.status, refused.body.errors[0].code]).toEqual([429, 'TOOMANYREQUESTS'])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect((await world.send('GET', '/acr/v1/app')).status).toBe(200)
    expect((await knobs({ callsPerMinute: { delet: 1 } })).status).toBe(400)
    expect((await world.send('PUT', '/_slipway/knobs', { body: {}, headers: { Origin: 'https://evil.example' } })).status).toBe(403)
    await knobs({})
    expect((await world.send('DELETE', '/acr/v1/app')).status).toBe(202)
  })

  test('waits as long as was set before each answer', async () => {
    await knobs({ latencyMs: 50 })
    const start = performance.now()
    await world.send('GET', '/v2/')
    expect(performance.now() - start).toBeGreaterThanOrEqual(49)
    await knobs({})
  })

  test('has the faults of the fault plan', async () => {
    const digest = await world.push('faulty', 'v1')
    const operation = 'Microsoft.ContainerRegistry/registries/deleteManifest'
    const plan = (fault: object) => world.cloud.setFaults({ rules: [{ match: { operation, times: 1 }, fault: 'error', ...fault }] })
    const remove = () => world.send('DELETE', `/v2/faulty/manifests/${digest}`)
    plan({ fault: 'throttle', retryAfter: 7 })
    expect((await remove()).headers['retry-after']).toBe('7')
    plan({ fault: 'error', status: 502 })
    expect((await remove()).status).toBe(502)
    plan({ fault: 'deny' })
    expect((await remove()).body.errors[0].code).toBe('DENIED')
    plan({ fault: 'slow', ms: 50 })
    const start = performance.now()
    expect((await world.send('DELETE', `/v2/faulty/manifests/${digest.replace(/.$/, 'x')}`)).status).toBe(405)
    expect(performance.now() - start).toBeGreaterThanOrEqual(49)
    plan({ fault: 'reset' })
    await expect(remove()).rejects.toThrow()
    expect((await world.send('GET', '/acr/v1/faulty')).status).toBe(200)
    plan({ fault: 'lost-response' })
    await expect(remove()).rejects.toThrow()
    expect((await world.send('GET', '/acr/v1/faulty')).status).toBe(404)
    world.cloud.setFaults({ rules: [] })
  })
})
