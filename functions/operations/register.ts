import type { Timer } from '@azure/functions'
import * as df from 'durable-functions'
import { createIdempotencyStore } from '../../shared/http/idempotency-store.ts'
import { beginOperation, type OperationAttempt } from '../../shared/operations/begin-operation.ts'
import { endOperation, type OperationEnding } from '../../shared/operations/end-operation.ts'
import type { Kinds } from '../../shared/operations/kinds.ts'
import { lookAtStep, undoStep } from '../../shared/operations/look.ts'
import { purgeOperations } from '../../shared/operations/purge-operations.ts'
import { reconcileLedger, type TaggedResource } from '../../shared/operations/reconcile-ledger.ts'
import type { StepQuestion } from '../../shared/operations/step-look.ts'
import { watchOperations } from '../../shared/operations/watchdog.ts'
import { createWorkshop } from '../../shared/operations/workshop.ts'
import type { Services } from '../../shared/services.ts'
import { durableOrchestrations } from './durable-orchestrations.ts'
import { BEGIN_OPERATION, END_OPERATION, LOOK_AT_STEP, RUN_NODE, runNode, runOperation, UNDO_STEP } from './orchestrator.ts'

export interface OperationParts {
  /** Throws where the settings are wrong. */
  readonly services: () => Services
  readonly kinds: Kinds
  /** What in Azure carries our tags. */
  readonly taggedResources: (services: Services) => Promise<readonly TaggedResource[]>
}

const EVERY_MINUTE = '0 * * * * *'
const AT_NIGHT = '0 20 3 * * *'
const TIMERS = 2

/** How long ended orchestrations are kept, in milliseconds: nobody asks for one once its operation has ended. */
const HISTORY_KEPT = 7 * 86_400_000

/** Registers the orchestrations, their activities and the timers. Answers how many functions these are. */
export function registerOperations({ services, kinds, taggedResources }: OperationParts): number {
  const workshop = once(() => createWorkshop(services(), kinds))

  const activities = {
    [BEGIN_OPERATION]: (attempt: OperationAttempt) => beginOperation(workshop(), attempt),
    [LOOK_AT_STEP]: (question: StepQuestion) => lookAtStep(workshop(), question),
    [UNDO_STEP]: (question: StepQuestion) => undoStep(workshop(), question),
  }
  const orchestrations = { ...Object.fromEntries([...kinds.operations.keys()].map((kind) => [kind, runOperation])), [RUN_NODE]: runNode }
  for (const [name, handler] of Object.entries(orchestrations)) df.app.orchestration(name, handler)
  for (const [name, handler] of Object.entries(activities)) df.app.activity(name, { handler })
  // One operation may be followed by another, which it starts.
  df.app.activity(END_OPERATION, {
    extraInputs: [df.input.durableClient()],
    handler: (ending: OperationEnding, context) => endOperation(workshop(), ending, durableOrchestrations(df.getClient(context))),
  })

  df.app.client.timer('operations-watchdog', {
    schedule: EVERY_MINUTE,
    runOnStartup: true,
    handler: async (_timer: Timer, client) => {
      await watchOperations(workshop(), durableOrchestrations(client))
      await reconcileLedger(workshop().services, await taggedResources(workshop().services))
    },
  })
  df.app.client.timer('operations-purge', {
    schedule: AT_NIGHT,
    handler: async (_timer: Timer, client) => {
      const { services } = workshop()
      services.log('operations-purged', { count: await purgeOperations(services) })
      await createIdempotencyStore(services.tables, services.clock).purge()
      await durableOrchestrations(client).purge(new Date(services.clock.now() - HISTORY_KEPT))
    },
  })
  return Object.keys(orchestrations).length + Object.keys(activities).length + 1 + TIMERS
}

function once<T>(build: () => T): () => T {
  let built: { readonly value: T } | undefined
  return () => {
    built ??= { value: build() }
    return built.value
  }
}
