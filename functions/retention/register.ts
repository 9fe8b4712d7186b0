import type { Timer } from '@azure/functions'
import * as df from 'durable-functions'
import { beginRun, cleanBatch, endRun, type RunAttempt } from '../../shared/retention/perform-run.ts'
import { purgeRuns } from '../../shared/retention/purge-runs.ts'
import { RETENTION_RUN } from '../../shared/retention/start-run.ts'
import { watchRegistries } from '../../shared/retention/watch.ts'
import type { Services } from '../../shared/services.ts'
import { durableOrchestrations } from '../operations/durable-orchestrations.ts'
import { BEGIN_RUN, CLEAN_BATCH, END_RUN, runRetention } from './orchestrator.ts'

const EVERY_MINUTE = '30 * * * * *'
const AT_NIGHT = '0 40 3 * * *'
const TIMERS = 2

/** Registers the orchestration of runs, its activities and the timers. Answers how many functions these are. */
export function registerRetention(services: () => Services): number {
  const activities = {
    [BEGIN_RUN]: (attempt: RunAttempt) => beginRun(services(), attempt),
    [CLEAN_BATCH]: (batch: Parameters<typeof cleanBatch>[1]) => cleanBatch(services(), batch),
    [END_RUN]: (ending: Parameters<typeof endRun>[1]) => endRun(services(), ending),
  }
  df.app.orchestration(RETENTION_RUN, runRetention)
  for (const [name, handler] of Object.entries(activities)) df.app.activity(name, { handler })
  df.app.client.timer('retention-timer', {
    schedule: EVERY_MINUTE,
    runOnStartup: true,
    handler: (_timer: Timer, client) => watchRegistries(services(), durableOrchestrations(client)),
  })
  df.app.client.timer('retention-purge', {
    schedule: AT_NIGHT,
    handler: async () => {
      await purgeRuns(services())
    },
  })
  return 1 + Object.keys(activities).length + TIMERS
}
