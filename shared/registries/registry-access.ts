import type { TokenCredential } from '@azure/core-auth'
import { accountOf } from '../accounts/accounts.ts'
import { rethrow } from '../azure/azure-step.ts'
import { realWait, type Wait } from '../clock.ts'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import { connectRegistry, type RegistryConnection } from './data-plane/connection.ts'
import { createDataPlane, type DataPlane } from './data-plane/data-plane.ts'
import { type Credential, createRegistryAuth, REGISTRY_SCOPE, type RegistryAuth } from './data-plane/registry-auth.ts'
import { send } from './data-plane/retry.ts'
import { createSlots, type Share, type Slots } from './data-plane/slots.ts'
import { createThrottle, skuLimits, type Throttle } from './data-plane/throttle.ts'
import { type Registry, registrySecret } from './registry.ts'

/** The data planes of all registries; connections, tokens and the count of calls are kept for the life of the app. */
export interface RegistryAccess {
  /** Calls wait for their turn until `until` (epoch ms) at most. */
  open(registry: Registry, until: number): Promise<DataPlane>
  /** Calls that were sent to a registry since the app started. */
  calls(registryId: string): { readonly reads: number; readonly deletes: number }
  /** The registry has been changed or removed. */
  forget(registryId: string): void
}

interface Line {
  /** What it was made from. */
  readonly key: string
  readonly connection: RegistryConnection
  readonly auth: RegistryAuth
  readonly throttle: Throttle
  readonly reads: Slots
  readonly deletes: Slots
  readonly counts: { reads: number; deletes: number }
}

const FORM_LIMIT = 256 * 1024
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' }
/** Milliseconds that signing in may wait. */
const SIGN_IN = 20_000

type World = Pick<Services, 'settings' | 'clock' | 'secrets' | 'azure' | 'tables'>

export function createRegistryAccess(services: World, wait: Wait = realWait): RegistryAccess {
  const { clock, settings } = services
  const lines = new Map<string, Line>()
  const share: Share = { busy: 0 }

  async function lineOf(registry: Registry): Promise<Line> {
    const { id, loginServer, authentication, username, accountId, sku = 'Standard' } = registry
    const key = JSON.stringify([loginServer, authentication, username, accountId, sku])
    const known = lines.get(id)
    if (known?.key === key) return known
    const credential = await credentialOf(services, registry)
    const connections = Math.max(settings.registryReads, settings.registryDeletes)
    const connection = connectRegistry(loginServer, { connections, gateway: settings.azureGateway })
    const throttle = createThrottle(skuLimits[sku], clock, wait)
    const post = async (path: string, form: URLSearchParams) => {
      const call = {
        method: 'POST',
        category: 'oauth',
        path,
        body: form.toString(),
        headers: FORM,
        limit: FORM_LIMIT,
        until: clock.now() + SIGN_IN,
      } as const
      const answer = await send({ connection, throttle, clock, wait }, call, async () => ({}))
      if (!answer) throw new Error('nothing held the call back')
      return answer
    }
    const line: Line = {
      key,
      connection,
      throttle,
      auth: createRegistryAuth(loginServer, credential, post, clock),
      reads: createSlots(settings.registryReads, share),
      deletes: createSlots(settings.registryDeletes, share),
      counts: { reads: 0, deletes: 0 },
    }
    lines.get(id)?.connection.close()
    lines.set(id, line)
    return line
  }

  return {
    async open(registry, until) {
      const { auth, reads, deletes, connection, throttle, counts } = await lineOf(registry)
      const count = (method: 'GET' | 'POST' | 'DELETE') => void (method === 'DELETE' ? counts.deletes++ : counts.reads++)
      return createDataPlane({ caller: { connection, throttle, clock, wait }, auth, reads, deletes, count }, until)
    },
    calls: (registryId) => ({ ...(lines.get(registryId)?.counts ?? { reads: 0, deletes: 0 }) }),
    forget(registryId) {
      lines.get(registryId)?.connection.close()
      lines.delete(registryId)
    },
  }
}

async function credentialOf(services: World, registry: Registry): Promise<Credential> {
  if (registry.authentication === 'basic') {
    const password = await services.secrets.get(registrySecret(registry.id))
    if (registry.username !== undefined && password !== undefined) return { kind: 'basic', username: registry.username, password }
    throw new ProblemError({
      code: 'invalid',
      message: `No password is stored for the registry ${registry.name}.`,
      remedy: 'Give it with PATCH /api/registries/{id}, or use authentication entra.',
      retryable: false,
    })
  }
  const [{ credential }, { tenantId }] = await Promise.all([
    services.azure.forAccount(registry.accountId),
    accountOf(services, registry.accountId),
  ])
  return { kind: 'entra', token: () => registryToken(credential), ...(tenantId !== undefined && { tenantId }) }
}

async function registryToken(credential: TokenCredential): Promise<string> {
  const token = await credential.getToken(REGISTRY_SCOPE).catch(rethrow)
  if (token) return token.token
  throw new ProblemError({ code: 'permission', message: 'Microsoft Entra ID gave no token for registries.', retryable: false })
}
