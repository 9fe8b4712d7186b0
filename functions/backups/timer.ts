import type { Timer } from '@azure/functions'
import * as df from 'durable-functions'
import { expireBackups } from '../../shared/backups/expire-backups.ts'
import type { Services } from '../../shared/services.ts'
import { durableOrchestrations } from '../operations/durable-orchestrations.ts'

const EVERY_HOUR = '0 40 * * * *'

/** Registers the timer. Answers how many functions that is. */
export function registerBackups(services: () => Services): number {
  df.app.client.timer('backups-expire', {
    schedule: EVERY_HOUR,
    handler: (_timer: Timer, client) => expireBackups(services(), durableOrchestrations(client)),
  })
  return 1
}
