import type { AgentAuthenticator } from '../http/authentication.ts'
import type { Services } from '../services.ts'
import { type AgentIdentity, identifyAgent } from './agent-key.ts'

/** A key that was good is believed for so long, milliseconds: every agent calls every few seconds. */
const BELIEVED = 10_000

/** Most keys remembered. */
const REMEMBERED = 10_000

interface Memory {
  readonly identity: AgentIdentity
  readonly until: number
}

/** Knows the agents by their keys. Keys that are not good are not remembered: the front door counts them. */
export function createAgentAuthenticator(services: Pick<Services, 'tables' | 'secrets' | 'clock'>): AgentAuthenticator {
  const known = new Map<string, Memory>()

  async function identify(key: string): Promise<AgentIdentity | undefined> {
    const now = services.clock.now()
    const memory = known.get(key)
    if (memory && now < memory.until) return memory.identity
    known.delete(key)
    const identity = await identifyAgent(services, key)
    if (identity) {
      if (known.size >= REMEMBERED) known.clear()
      known.set(key, { identity, until: now + BELIEVED })
    }
    return identity
  }

  return async (key) => {
    const identity = await identify(key)
    return identity && { kind: 'agent', id: identity.nodeId, name: `agent of ${identity.clusterId}`, clusterId: identity.clusterId }
  }
}
