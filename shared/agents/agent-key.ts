import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { Services } from '../services.ts'

const PARTITION = 'agent'

const keySchema = z.strictObject({ clusterId: z.string(), nodeId: z.string() })
export type AgentIdentity = Readonly<z.output<typeof keySchema>>

type World = Pick<Services, 'tables' | 'secrets'>

const keyTable = ({ tables }: World) => tables.table('agentkeys', keySchema)
const secretOf = (clusterId: string) => `agent-${clusterId}`
const hashOf = (key: string) => createHash('sha256').update(key).digest('hex')

const shape = /^swa_[\w-]{43}$/

/** The key of a cluster's agent, made at the first call. `newSecret`: 256 random bits in base64url. */
export async function agentKeyOf(world: World, identity: AgentIdentity, newSecret: () => string): Promise<string> {
  const name = secretOf(identity.clusterId)
  const key = (await world.secrets.get(name)) ?? `swa_${newSecret()}`
  // Kept before it is let in: a key that is known to nobody opens nothing.
  await world.secrets.put(name, key)
  await keyTable(world).upsert(PARTITION, hashOf(key), identity)
  return key
}

/** Whose key it is; undefined for any other text. */
export async function identifyAgent(world: Pick<Services, 'tables' | 'secrets'>, key: string): Promise<AgentIdentity | undefined> {
  return shape.test(key) ? (await keyTable(world).get(PARTITION, hashOf(key)))?.value : undefined
}

export async function removeAgentKey(world: World, clusterId: string): Promise<void> {
  const key = await world.secrets.get(secretOf(clusterId))
  if (key === undefined) return
  await keyTable(world).remove(PARTITION, hashOf(key))
  await world.secrets.remove(secretOf(clusterId))
}
