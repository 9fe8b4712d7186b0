import { createHash, randomUUID } from 'node:crypto'
import type { Account } from '../accounts/account.ts'
import { chosenAccount } from '../accounts/accounts.ts'
import { putAgentStatus, unseen } from '../agents/agent-status.ts'
import { given, type NewCommand } from '../agents/commands.ts'
import { loadDurations } from '../operations/durations.ts'
import type { Operation } from '../operations/operation.ts'
import type { Orchestrations } from '../operations/orchestrations.ts'
import type { Plan } from '../operations/plan.ts'
import { isRefusal, launch, startOperation } from '../operations/start-operation.ts'
import type { RequestOrigin } from '../request-origin.ts'
import type { Services } from '../services.ts'
import { findVersion, offeredVersions } from '../versions/catalogue.ts'
import { imageIn } from '../versions/entry.ts'
import type { Cluster } from './cluster.ts'
import { newClusterId } from './cluster-id.ts'
import { findCluster, insertCluster } from './cluster-store.ts'
import type { CreateRequest } from './create-request.ts'
import { checkRules } from './create-rules.ts'
import { checkDataDisk } from './data-disk.ts'
import { findCreation } from './find-creation.ts'
import { FIRST_PASSWORD, needsFirstPassword } from './first-password.ts'
import { checkName, claimName, freeName } from './name-store.ts'
import { type Birth, newCluster } from './new-cluster.ts'
import { claimedBy, kindNames } from './operation-kinds.ts'
import { planCreation } from './plan-creation.ts'
import { stepPlanner } from './plan-step.ts'

export interface DraftedCluster {
  readonly cluster: Cluster
  readonly plan: Plan
}

/** The same for every attempt of the request: that is how an attempt knows what an earlier one has claimed. */
export const clusterIdFrom = ({ at, id }: RequestOrigin) => newClusterId(at, createHash('sha256').update(id).digest().subarray(0, 10))

export const birthOf = ({ clock }: Services, { id: accountId, subscriptionId }: Account, origin: RequestOrigin): Birth => ({
  id: clusterIdFrom(origin),
  accountId,
  subscriptionId,
  now: clock.now(),
  newNodeId: randomUUID,
})

/** The cluster that a request means and the plan to make it, whether it would be refused or not. Nothing is written or asked of Azure. */
export async function draftCluster(
  services: Services,
  { accountId, cluster: request }: CreateRequest,
  origin: RequestOrigin,
): Promise<DraftedCluster> {
  const [account, typical, entry] = await Promise.all([
    chosenAccount(services, accountId),
    loadDurations(services),
    findVersion(services, request.version),
  ])
  const cluster = newCluster(request, birthOf(services, account, origin))
  const image = entry && imageIn(entry, request.os, request.location)
  return { cluster, plan: planCreation(stepPlanner(typical), cluster, image) }
}

/** What a create request would do; ProblemError where it would be refused. Nothing is written or asked of Azure. */
export async function draftCreation(services: Services, request: CreateRequest, origin: RequestOrigin): Promise<DraftedCluster> {
  checkRules(request.cluster, await offeredVersions(services))
  const drafted = await draftCluster(services, request, origin)
  await checkName(services, drafted.cluster.accountId, drafted.cluster.request.name)
  return drafted
}

/** Claims the name and begins, or goes on where an earlier attempt of the same request broke off; ProblemError `conflict` where the name is taken. */
export function createCluster(
  services: Services,
  orchestrations: Orchestrations,
  request: CreateRequest,
  requestedBy: string,
  origin: RequestOrigin,
): Promise<Operation> {
  return bearCluster(services, orchestrations, origin, async () => {
    checkRules(request.cluster, await offeredVersions(services))
    const drafted = await draftCluster(services, request, origin)
    await checkDataDisk(services, drafted.cluster)
    const commands = (await needsFirstPassword(services, drafted.cluster)) ? [FIRST_PASSWORD] : []
    return { ...drafted, kind: kindNames.create, commands, requestedBy }
  })
}

export interface ClusterBirth extends DraftedCluster {
  readonly kind: typeof kindNames.create | typeof kindNames.restore
  /** What its agent is told to do first. */
  readonly commands: readonly NewCommand[]
  readonly requestedBy: string
  /** Takes hold of what else the operation needs, once the name is the cluster's; what it refuses is thrown on. */
  readonly reserve?: (operation: Operation) => Promise<void>
}

/** Claims the name, writes the cluster's row and begins, or goes on with the earlier attempt; ProblemError `conflict` where the name is taken. */
export async function bearCluster(
  services: Services,
  orchestrations: Orchestrations,
  origin: RequestOrigin,
  draft: () => Promise<ClusterBirth>,
): Promise<Operation> {
  const earlier = origin.resumed ? await findCreation(services, clusterIdFrom(origin)) : undefined
  if (earlier) {
    if (earlier.state === 'pending') await launch(services, orchestrations, earlier)
    return earlier
  }
  const birth = await draft()
  const { kind, cluster, plan, requestedBy } = birth
  const what = { subject: { type: 'cluster', id: cluster.id } as const, kind, title: plan.title, plan, requestedBy }
  try {
    return await startOperation(services, orchestrations, what, (operation) => claim(services, birth, operation))
  } catch (error) {
    // An attempt that was given up for dead was only slow, and one of the two was first.
    const first = isRefusal(error) ? await findCreation(services, cluster.id) : undefined
    if (first) return first
    throw error
  }
}

async function claim(services: Services, { cluster, commands, reserve }: ClusterBirth, operation: Operation): Promise<void> {
  const { name } = cluster.request
  await claimName(services, cluster.accountId, name, cluster.id)
  try {
    // Once more, now that the name shows that it is in use: it may have begun to leave meanwhile.
    await chosenAccount(services, cluster.accountId)
    await reserve?.(operation)
    await putAgentStatus(services, cluster.id, { ...unseen, commands: commands.map(given) })
    await insertCluster(services, claimedBy(cluster, 'pending', operation))
  } catch (error) {
    // A write that broke off may stand: then the name is the cluster's, and is given up for lost in time if it does not.
    if (isRefusal(error) && !(await findCluster(services, cluster.id))) await freeName(services, cluster.accountId, name, cluster.id)
    throw error
  }
}
