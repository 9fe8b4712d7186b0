import { readable } from '../azure/classify.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { findCluster, updateCluster } from '../clusters/cluster-store.ts'
import { stepPlanner } from '../clusters/plan-step.ts'
import { loadDurations } from '../operations/durations.ts'
import type { Operation } from '../operations/operation.ts'
import type { OperationKind } from '../operations/operation-kind.ts'
import { enterOperation } from '../operations/start-operation.ts'
import { ProblemError } from '../problem.ts'
import { planRollback } from './plan-rollback.ts'

/** What fails while it is prepared has replaced nothing: a cluster that may still run is not stopped for it. */
const isToBeRolledBack = ({ activeOperation, upgrade }: Cluster, { id }: Operation): boolean =>
  activeOperation?.id === id && upgrade?.rollbackOnFailure === true && upgrade.phase === 'replacing'

/** Rolls a failed upgrade back where that was wished. The cluster goes from one operation to the other without a state in between that ends a wait. */
export const followUpgrade: NonNullable<OperationKind['follow']> = async (services, operation, outcome) => {
  if (outcome.state !== 'failed') return undefined
  const cluster = await findCluster(services, operation.subject.id)
  if (!cluster?.upgrade || !isToBeRolledBack(cluster, operation)) return undefined
  const plan = planRollback(stepPlanner(await loadDurations(services)), cluster, cluster.upgrade)
  const { subject, requestedBy } = operation
  const request = { subject, kind: 'rollback-upgrade', title: plan.title, plan, requestedBy }
  return enterOperation(services, request, async ({ id, kind }) => {
    const claimed = await updateCluster(services, subject.id, (current) => {
      if (!isToBeRolledBack(current, operation)) throw overtaken
      const message = readable(`${operation.title} failed, hence the rollback: ${outcome.problem.message}`)
      // Stays after a rollback that succeeds: nobody has seen the error.
      return { ...current, state: 'stopping', stage: 'stopping', activeOperation: { id, kind }, failed: { operationId: id, kind, message } }
    })
    if (!claimed) throw overtaken
  })
}

const overtaken = new ProblemError({ code: 'conflict', message: 'Another operation has taken over.', retryable: false })
