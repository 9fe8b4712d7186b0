import { loadDurations } from '../operations/durations.ts'
import type { Operation } from '../operations/operation.ts'
import type { Orchestrations } from '../operations/orchestrations.ts'
import type { Plan } from '../operations/plan.ts'
import { startOperation } from '../operations/start-operation.ts'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import { type Cluster, standingOf } from './cluster.ts'
import { getCluster, updateCluster } from './cluster-store.ts'
import { claimedBy, kindNames } from './operation-kinds.ts'
import { planDeletion } from './plan-deletion.ts'
import { planStart } from './plan-start.ts'
import { type PlanStep, stepPlanner } from './plan-step.ts'
import { planStop } from './plan-stop.ts'
import { enter, type Mutation } from './transitions.ts'

const planners: Record<Mutation, (step: PlanStep, cluster: Cluster) => Plan> = {
  start: planStart,
  stop: planStop,
  delete: planDeletion,
}

/** What a mutation would do; ProblemError where the cluster's state does not allow it. */
export async function draftMutation(services: Services, mutation: Mutation, clusterId: string): Promise<Plan> {
  const [cluster, typical] = await Promise.all([getCluster(services, clusterId), loadDurations(services)])
  enter(mutation, standingOf(cluster))
  return planners[mutation](stepPlanner(typical), cluster)
}

/** Switches the state and begins. Answers the id of the operation; for a second delete that of the first. */
export async function mutateCluster(
  services: Services,
  orchestrations: Orchestrations,
  mutation: Mutation,
  clusterId: string,
  requestedBy: string,
): Promise<string> {
  const [cluster, typical] = await Promise.all([getCluster(services, clusterId), loadDurations(services)])
  enter(mutation, standingOf(cluster))
  if (mutation === 'delete' && cluster.activeOperation?.kind === kindNames.delete) return cluster.activeOperation.id
  const superseded = cluster.activeOperation?.id
  const request = {
    clusterId,
    kind: kindNames[mutation],
    title: `${mutation} cluster ${cluster.request.name}`,
    plan: planners[mutation](stepPlanner(typical), cluster),
    requestedBy,
    ...(superseded !== undefined && { supersedes: superseded }),
  }
  const claim = (operation: Operation) => claimCluster(services, mutation, operation, superseded)
  return (await startOperation(services, orchestrations, request, claim)).id
}

/** The plan stands on what was read: another operation that began meanwhile makes it worthless. */
async function claimCluster(services: Services, mutation: Mutation, operation: Operation, superseded: string | undefined): Promise<void> {
  const claimed = await updateCluster(services, operation.clusterId, (cluster) => {
    const state = enter(mutation, standingOf(cluster))
    // One that has ended since has left the way clear.
    if (cluster.activeOperation && cluster.activeOperation.id !== superseded) throw overtaken
    return claimedBy(cluster, state, operation)
  })
  if (!claimed) throw new ProblemError({ code: 'not-found', message: 'The cluster has been removed meanwhile.', retryable: false })
}

const overtaken = new ProblemError({
  code: 'conflict',
  message: 'Another operation on the cluster has just begun. Try again.',
  retryable: true,
})
