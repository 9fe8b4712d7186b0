import type { Json } from './json.ts'

export type OrchestrationStatus = 'missing' | 'running' | 'completed' | 'failed' | 'terminated'

/** The durable orchestrations as the domain sees them; implemented over the durable client where triggers live. */
export interface Orchestrations {
  /** One that runs already under this id is fine. */
  start(name: string, id: string, input: Json): Promise<void>
  status(id: string): Promise<OrchestrationStatus>
  terminate(id: string, reason: string): Promise<void>
}
