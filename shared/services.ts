import type { AgentFiles } from './agents/agent-files.ts'
import type { AzureFactory } from './azure/azure-factory.ts'
import type { Clock } from './clock.ts'
import type { Settings } from './config/settings.ts'
import type { Log } from './log/log.ts'
import type { RegistryAccess } from './registries/registry-access.ts'
import type { Secrets } from './secrets/secrets.ts'
import type { Queues } from './storage/queues.ts'
import type { Tables } from './storage/table.ts'

/** Everything that the domain needs from outside, built once per app and passed down. Each member is owned by the folder of its type. */
export interface Services {
  readonly settings: Settings
  readonly clock: Clock
  readonly log: Log
  readonly tables: Tables
  readonly queues: Queues
  readonly secrets: Secrets
  readonly azure: AzureFactory
  readonly registries: RegistryAccess
  readonly agentFiles: AgentFiles
}
