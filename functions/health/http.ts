import { type HealthFacts, readHealth } from '../../shared/health/health.ts'
import { Health } from '../../shared/health/wire.ts'
import { defineEndpoint, type Endpoint } from '../../shared/http/endpoint.ts'
import { reply } from '../../shared/http/reply.ts'

/** Answers even when the settings are broken: it is where they are told. */
export function healthEndpoint(facts: () => HealthFacts): Endpoint {
  // Whoever asks at the same time gets the same look: anybody can ask, and each look costs storage a read.
  let look: Promise<Health> | undefined
  return defineEndpoint({
    name: 'health',
    method: 'GET',
    route: 'health',
    role: 'none',
    summary: 'Whether the app works, and which settings are wrong',
    response: Health,
    handler: async () => {
      look ??= readHealth(facts()).finally(() => {
        look = undefined
      })
      const health = await look
      return reply(health, { status: health.status === 'healthy' ? 200 : 503 })
    },
  })
}
