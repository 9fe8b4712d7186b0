import { randomBytes, randomUUID } from 'node:crypto'
import { accountOf, DEFAULT_ACCOUNT } from '../accounts/accounts.ts'
import { putAgentStatus, unseen } from '../agents/agent-status.ts'
import { loadDurations } from '../operations/durations.ts'
import type { Operation } from '../operations/operation.ts'
import type { Orchestrations } from '../operations/orchestrations.ts'
import type { Plan } from '../operations/plan.ts'
import { isRefusal, startOperation } from '../operations/start-operation.ts'
import type { Services } from '../services.ts'
import type { Cluster } from './cluster.ts'
import { newClusterId } from './cluster-id.ts'
import { insertCluster } from './cluster-store.ts'
import type { CreateRequest } from './create-request.ts'
import { checkRules } from './create-rules.ts'
import { FIRST_PASSWORD, needsFirstPassword } from './first-password.ts'
import { claimName, freeName } from './name-store.ts'
import { newCluster } from './new-cluster.ts'
import { claimedBy, kindNames } from './operation-kinds.ts'
import { planCreation } from './plan-creation.ts'
import { stepPlanner } from './plan-step.ts'

export interface Drafted {
  readonly cluster: Cluster
  readonly plan: Plan
}

/** What a create request would do. Nothing is written or asked of Azure. */
export async function draftCluster(services: Services, { cluster: request }: CreateRequest): Promise<Drafted> {
  checkRules(request)
  const [account, typical] = await Promise.all([accountOf(services, DEFAULT_ACCOUNT), loadDurations(services)])
  const now = services.clock.now()
  const cluster = newCluster(request, {
    id: newClusterId(now, randomBytes(10)),
    accountId: account.id,
    subscriptionId: account.subscriptionId,
    now,
    newNodeId: randomUUID,
  })
  return { cluster, plan: planCreation(stepPlanner(typical), cluster) }
}

/** Claims the name and begins; ProblemError `conflict` where the name is taken. */
export async function createCluster(
  services: Services,
  orchestrations: Orchestrations,
  request: CreateRequest,
  requestedBy: string,
): Promise<Operation> {
  const { cluster, plan } = await draftCluster(services, request)
  const { name } = cluster.request
  const what = { clusterId: cluster.id, kind: kindNames.create, title: `create cluster ${name}`, plan, requestedBy }
  return startOperation(services, orchestrations, what, async (operation) => {
    await claimName(services, cluster.accountId, name, cluster.id)
    try {
      const commands = needsFirstPassword(cluster) ? [{ ...FIRST_PASSWORD, status: 'NEW' as const, message: '' }] : []
      await putAgentStatus(services, cluster.id, { ...unseen, commands })
      await insertCluster(services, claimedBy(cluster, 'pending', operation))
    } catch (error) {
      // A write that broke off may stand: then the name is the cluster's, and is given up for lost in time if it does not.
      if (isRefusal(error)) await freeName(services, cluster.accountId, name, cluster.id)
      throw error
    }
  })
}
