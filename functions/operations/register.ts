import type { Timer } from '@azure/functions'
import * as df from 'durable-functions'
import { beginOperation, type OperationAttempt } from '../../shared/operations/begin-operation.ts'
import { endOperation, type OperationEnding } from '../../shared/operations/end-operation.ts'
import type { Kinds } from '../../shared/operations/kinds.ts'
import { lookAtStep, undoStep, type Workshop } from '../../shared/operations/look.ts'
import { planReader } from '../../shared/operations/plan-reader.ts'
import { reconcileLedger, type TaggedResource } from '../../shared/operations/reconcile-ledger.ts'
import type { StepQuestion } from '../../shared/operations/step-look.ts'
import { operationStore } from '../../shared/operations/store.ts'
import { watchOperations } from '../../shared/operations/watchdog.ts'
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

/** Registers the orchestrations, their activities and the watchdog. */
export function registerOperations({ services, kinds, taggedResources }: OperationParts): void {
  const workshop = once((): Workshop => {
    const built = services()
    return { services: built, kinds, plans: planReader(operationStore(built.tables)) }
  })

  for (const kind of kinds.operations.keys()) df.app.orchestration(kind, runOperation)
  df.app.orchestration(RUN_NODE, runNode)
  df.app.activity(BEGIN_OPERATION, { handler: (attempt: OperationAttempt) => beginOperation(workshop(), attempt) })
  df.app.activity(END_OPERATION, { handler: (ending: OperationEnding) => endOperation(workshop(), ending) })
  df.app.activity(LOOK_AT_STEP, { handler: (question: StepQuestion) => lookAtStep(workshop(), question) })
  df.app.activity(UNDO_STEP, { handler: (question: StepQuestion) => undoStep(workshop(), question) })

  df.app.client.timer('operations-watchdog', {
    schedule: '0 * * * * *',
    runOnStartup: true,
    handler: async (_timer: Timer, client) => {
      const { services: built } = workshop()
      await watchOperations(workshop(), durableOrchestrations(client))
      await reconcileLedger(built, await taggedResources(built))
    },
  })
}

function once<T>(build: () => T): () => T {
  let built: { readonly value: T } | undefined
  return () => {
    built ??= { value: build() }
    return built.value
  }
}
