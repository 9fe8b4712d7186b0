import type { Install } from '../versions/entry.ts'

/** What a head node's agent is told at boot (/etc/slipway/agent.json). */
export interface AgentConfig {
  /** It posts to `{api}/agent/heartbeat`. */
  readonly api: string
  readonly key: string
  readonly clusterId: string
  readonly nodeId: string
  readonly nodeName: string
  readonly version: string
  readonly heartbeatSeconds: number
  /** null where the image brings Hopsworks with it. */
  readonly install: (Omit<Install, 'password'> & Partial<Pick<Install, 'password'>>) | null
  /** What it runs for commands that it does not carry out itself, by their type. */
  readonly commands?: Readonly<Record<string, readonly string[]>>
  readonly load?: readonly string[]
  readonly decommission?: readonly string[]
}
