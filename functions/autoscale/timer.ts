import type { Timer } from '@azure/functions'
import * as df from 'durable-functions'
import { autoscaleClusters } from '../../shared/autoscale/autoscale-clusters.ts'
import type { Services } from '../../shared/services.ts'
import { durableOrchestrations } from '../operations/durable-orchestrations.ts'

const EVERY_MINUTE = '30 * * * * *'

/** Registers the timer. Answers how many functions that is. */
export function registerAutoscale(services: () => Services): number {
  df.app.client.timer('autoscale-clusters', {
    schedule: EVERY_MINUTE,
    handler: (_timer: Timer, client) => autoscaleClusters(services(), durableOrchestrations(client)),
  })
  return 1
}
