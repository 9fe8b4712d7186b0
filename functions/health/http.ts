import { type HealthFacts, readHealth } from '../../shared/health/health.ts'
import { Health } from '../../shared/health/wire.ts'
import { defineEndpoint, type Endpoint } from '../../shared/http/endpoint.ts'
import { reply } from '../../shared/http/reply.ts'

/** Answers even when the settings are broken: it is where they are told. */
export const healthEndpoint = (facts: () => HealthFacts): Endpoint =>
  defineEndpoint({
    name: 'health',
    method: 'GET',
    route: 'health',
    role: 'none',
    summary: 'Whether the app works, and which settings are wrong',
    response: Health,
    handler: async () => {
      const health = await readHealth(facts())
      return reply(health, { status: health.status === 'healthy' ? 200 : 503 })
    },
  })
