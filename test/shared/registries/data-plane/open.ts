import { type Clock, realClock, realWait } from '../../../../shared/clock.ts'
import { connectRegistry } from '../../../../shared/registries/data-plane/connection.ts'
import { createDataPlane, type DataPlane } from '../../../../shared/registries/data-plane/data-plane.ts'
import { type Credential, createRegistryAuth } from '../../../../shared/registries/data-plane/registry-auth.ts'
import { send } from '../../../../shared/registries/data-plane/retry.ts'
import { createSlots } from '../../../../shared/registries/data-plane/slots.ts'
import { createThrottle, type Sku, skuLimits } from '../../../../shared/registries/data-plane/throttle.ts'

export interface Opened extends DataPlane {
  /** Paths asked, methods first. */
  readonly asked: string[]
  close(): void
}

interface Options {
  readonly url: string
  readonly loginServer: string
  readonly credential: Credential
  readonly sku?: Sku
  readonly clock?: Clock
  /** Milliseconds from now. */
  readonly time?: number
}

/** The data plane of a simulated registry, without the app around it. */
export function openDataPlane({ url, loginServer, credential, sku = 'Standard', clock = realClock, time = 60_000 }: Options): Opened {
  const direct = connectRegistry(loginServer, { connections: 32, gateway: url })
  const asked: string[] = []
  const connection: typeof direct = {
    ...direct,
    send(request) {
      asked.push(`${request.method} ${decodeURIComponent(request.path)}`)
      return direct.send(request)
    },
  }
  const caller = { connection, throttle: createThrottle(skuLimits[sku], clock, realWait), clock, wait: realWait }
  const until = clock.now() + time
  const post = async (path: string, form: URLSearchParams) => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const call = { method: 'POST', category: 'oauth', path, body: form.toString(), headers, limit: 1e6, until } as const
    const answer = await send(caller, call, async () => ({}))
    if (!answer) throw new Error('no answer')
    return answer
  }
  const auth = createRegistryAuth(loginServer, credential, post, clock)
  return { ...createDataPlane({ caller, auth, reads: createSlots(32), deletes: createSlots(32) }, until), asked, close: direct.close }
}
