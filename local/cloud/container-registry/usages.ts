import { z } from 'zod'
import { parseBody } from '../arm/request-body.ts'
import type { Action, Endpoint } from '../provider.ts'
import { openContents } from './open-registries.ts'
import { API_VERSIONS, REGISTRY, registryNamed, type Sku, skuOf } from './registry.ts'
import { SCOPE_MAP, TOKEN } from './scope-map.ts'

const GIB = 1024 ** 3

/** Included bytes, webhooks, tokens and scope maps [learn: container-registry-skus]. */
const INCLUDED: Readonly<Record<Sku, { bytes: number; webhooks: number; tokens: number }>> = {
  Basic: { bytes: 10 * GIB, webhooks: 2, tokens: 100 },
  Standard: { bytes: 100 * GIB, webhooks: 10, tokens: 500 },
  Premium: { bytes: 500 * GIB, webhooks: 500, tokens: 50_000 },
}

export const listUsages: Action = {
  method: 'GET',
  run({ azure }, registry) {
    const included = INCLUDED[skuOf(registry)]
    const count = (type: string) => azure.resources.ofType(type, registry.id).length
    const usage = (name: string, limit: number, currentValue: number, unit = 'Count') => ({ name, limit, currentValue, unit })
    return {
      body: {
        value: [
          usage('Size', included.bytes, openContents(azure, registry).storedBytes(), 'Bytes'),
          usage('Webhooks', included.webhooks, 0),
          usage('ScopeMaps', included.tokens, count(SCOPE_MAP)),
          usage('Tokens', included.tokens, count(TOKEN)),
        ],
      },
    }
  },
}

/** `POST …/providers/Microsoft.ContainerRegistry/checkNameAvailability` */
export const checkNameAvailability: Endpoint = {
  method: 'POST',
  path: '/subscriptions/{subscriptionId}/providers/Microsoft.ContainerRegistry/checkNameAvailability',
  apiVersions: API_VERSIONS,
  action: 'Microsoft.ContainerRegistry/checkNameAvailability/read',
  handle(call) {
    const { name } = parseBody(z.object({ name: z.string().max(100), type: z.literal(REGISTRY) }), call)
    if (!/^[a-zA-Z0-9]{5,50}$/.test(name))
      return {
        body: {
          nameAvailable: false,
          reason: 'Invalid',
          message: `The specified registry name '${name}' is not valid: it must be alphanumeric, 5 to 50 characters long.`,
        },
      }
    if (registryNamed(call.azure, name))
      return { body: { nameAvailable: false, reason: 'AlreadyExists', message: `The registry ${name} is already in use.` } }
    return { body: { nameAvailable: true } }
  },
}
