import { operationKinds } from '../operation-kinds.ts'
import { loadDurations } from '../operations/durations.ts'
import type { Operation } from '../operations/operation.ts'
import type { Orchestrations } from '../operations/orchestrations.ts'
import type { Plan } from '../operations/plan.ts'
import { retryOperation } from '../operations/retry-operation.ts'
import { startOperation } from '../operations/start-operation.ts'
import { operationStore, PLAN_ROW } from '../operations/store.ts'
import { type Price, priceOf } from '../prices/price-of.ts'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import { startResumes } from '../upgrades/judge-upgrade.ts'
import { type Cluster, standingOf } from './cluster.ts'
import { getCluster, updateCluster } from './cluster-store.ts'
import { claimedBy, kindNames } from './operation-kinds.ts'
import { planDeletion } from './plan-deletion.ts'
import { planRestart } from './plan-restart.ts'
import { planStart } from './plan-start.ts'
import { type PlanStep, stepPlanner } from './plan-step.ts'
import { planStop } from './plan-stop.ts'
import { type Change, enter, type Standing } from './transitions.ts'

/** What a mutation means for one cluster. */
export interface Draft {
  readonly plan: Plan
  /** Shown from the claim on, before any step has run. */
  readonly changes?: Partial<Pick<Cluster, 'nodes' | 'request' | 'upgrade'>>
}

/** A mutation that takes time. `draft` may throw ProblemError; it only reads. */
export interface TimedMutation {
  readonly name: Change & keyof typeof kindNames
  readonly draft: (step: PlanStep, cluster: Cluster, services: Services) => Draft | Promise<Draft>
  /** It leaves machines running that did not run before: a dry run says what they cost. */
  readonly costs?: true
  /** What a caller gave to confirm a deletion. */
  readonly confirm?: string
}

export const startCluster: TimedMutation = { name: 'start', costs: true, draft: (step, cluster) => ({ plan: planStart(step, cluster) }) }
export const stopCluster: TimedMutation = { name: 'stop', draft: (step, cluster) => ({ plan: planStop(step, cluster) }) }
export const restartCluster: TimedMutation = { name: 'restart', draft: (step, cluster) => ({ plan: planRestart(step, cluster) }) }
export const deleteCluster: TimedMutation = { name: 'delete', draft: (step, cluster) => ({ plan: planDeletion(step, cluster) }) }

/** What a mutation would do, and what the cluster would cost then; ProblemError where the cluster's state does not allow it. */
export async function draftMutation(
  services: Services,
  mutation: TimedMutation,
  clusterId: string,
): Promise<{ readonly plan: Plan; readonly price?: Price }> {
  const [cluster, typical] = await Promise.all([getCluster(services, clusterId), loadDurations(services)])
  enter(mutation.name, standingFor(mutation, cluster))
  const resumed = resumedBy(mutation.name, cluster)
  const known = resumed && (await operationStore(services.tables).plans.get(resumed, PLAN_ROW))
  const { plan, changes } = known ? { plan: known.value } : await mutation.draft(stepPlanner(typical), cluster, services)
  return { plan, ...(mutation.costs && { price: priceOf({ ...cluster, ...changes }) }) }
}

/** How often something that has just begun may get in between. */
const MOST_TRIES = 5

/** Switches the state and begins. Answers the id of the operation; for a second delete that of the first. */
export async function mutateCluster(
  services: Services,
  orchestrations: Orchestrations,
  mutation: TimedMutation,
  clusterId: string,
  requestedBy: string,
): Promise<string> {
  for (let tries = 1; ; tries++) {
    try {
      return await begin(services, orchestrations, mutation, clusterId, requestedBy)
    } catch (error) {
      // Judged anew: a deletion takes the place of what came first, all others are told what that is.
      if (error !== overtaken || tries === MOST_TRIES) throw error
    }
  }
}

async function begin(
  services: Services,
  orchestrations: Orchestrations,
  mutation: TimedMutation,
  clusterId: string,
  requestedBy: string,
): Promise<string> {
  const { name, draft } = mutation
  const [cluster, typical] = await Promise.all([getCluster(services, clusterId), loadDurations(services)])
  enter(name, standingFor(mutation, cluster))
  if (name === 'delete' && cluster.activeOperation?.kind === kindNames.delete) return cluster.activeOperation.id
  const resumed = resumedBy(name, cluster)
  if (resumed) return (await retryOperation(services, orchestrations, { operations: operationKinds }, resumed, requestedBy)).id
  const { plan, changes } = await draft(stepPlanner(typical), cluster, services)
  const superseded = cluster.activeOperation?.id
  const request = {
    subject: { type: 'cluster', id: clusterId } as const,
    kind: kindNames[name],
    title: plan.title,
    plan,
    requestedBy,
    ...(superseded !== undefined && { supersedes: superseded }),
  }
  const claim = (operation: Operation) => claimCluster(services, mutation, operation, cluster, changes)
  return (await startOperation(services, orchestrations, request, claim)).id
}

/** The failed operation that the mutation goes on with in place of one of its own. */
function resumedBy(name: Change, cluster: Cluster): string | undefined {
  const goesOn =
    (name === 'start' && startResumes(standingOf(cluster))) || (name === 'rollback' && cluster.failed?.kind === kindNames.rollback)
  return goesOn ? cluster.failed?.operationId : undefined
}

/** The plan stands on what was read: `overtaken` where another operation began meanwhile. */
async function claimCluster(
  services: Services,
  mutation: TimedMutation,
  operation: Operation,
  planned: Cluster,
  changes: Draft['changes'],
): Promise<void> {
  const claimed = await updateCluster(services, operation.subject.id, (cluster) => {
    const state = enter(mutation.name, standingFor(mutation, cluster))
    // One that has ended since has left the way clear.
    if (cluster.activeOperation && cluster.activeOperation.id !== planned.activeOperation?.id) throw overtaken
    if (basisOf(mutation, cluster) !== basisOf(mutation, planned)) throw overtaken
    return claimedBy({ ...cluster, ...changes }, state, operation)
  })
  if (!claimed) throw new ProblemError({ code: 'not-found', message: 'The cluster has been removed meanwhile.', retryable: false })
}

/** A deletion looks for itself what there is, but in groups that were brought along; any other plan is for these nodes. */
const basisOf = ({ name }: TimedMutation, cluster: Cluster): string => (name === 'delete' ? `${cluster.ruled}` : nodesOf(cluster))

const nodesOf = ({ nodes }: Cluster): string => JSON.stringify(nodes.map(({ id, instanceType }) => [id, instanceType]))

/** A lock keeps out who has not confirmed by the cluster's name. */
function standingFor({ confirm }: TimedMutation, cluster: Cluster): Standing {
  const { locked, ...standing } = standingOf(cluster)
  return locked && confirm !== cluster.request.name ? { ...standing, locked } : standing
}

const overtaken = new ProblemError({
  code: 'conflict',
  message: 'Another operation on the cluster has just begun. Try again.',
  retryable: true,
})
