import type { Json } from './json.ts'

export type OrchestrationStatus = 'missing' | 'running' | 'completed' | 'failed' | 'terminated'

/** The durable orchestrations as the domain sees them; implemented over the durable client where triggers live. */
export interface Orchestrations {
  /** One that runs already under this id is fine. */
  start(name: string, id: string, input: Json): Promise<void>
  status(id: string): Promise<OrchestrationStatus>
  /** Forgets what has come to its end and was begun before then; operations keep rows of their own. */
  purge(before: Date): Promise<void>
}
