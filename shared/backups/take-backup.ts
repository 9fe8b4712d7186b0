import { chosenAccount } from '../accounts/accounts.ts'
import { type Cluster, standingOf } from '../clusters/cluster.ts'
import { getCluster, updateCluster } from '../clusters/cluster-store.ts'
import { clusterIdFrom } from '../clusters/create-cluster.ts'
import { claimedBy } from '../clusters/operation-kinds.ts'
import { stepPlanner } from '../clusters/plan-step.ts'
import { enter } from '../clusters/transitions.ts'
import { BACK_UP } from '../clusters/verdict.ts'
import { loadDurations } from '../operations/durations.ts'
import type { Operation } from '../operations/operation.ts'
import { findOperation, secondsNow } from '../operations/operations.ts'
import type { Orchestrations } from '../operations/orchestrations.ts'
import type { Plan } from '../operations/plan.ts'
import { isRefusal, launch, startOperation } from '../operations/start-operation.ts'
import { ProblemError } from '../problem.ts'
import type { RequestOrigin } from '../request-origin.ts'
import type { Services } from '../services.ts'
import { versionOf } from '../versions/catalogue.ts'
import { type Backup, findBackup, insertBackup, removeBackup } from './backup.ts'
import { disksToSave } from './backup-resources.ts'
import { planBackup } from './plan-backup.ts'
import type { BackupRequest } from './wire.ts'

const DAY = 86_400

interface DraftedBackup {
  readonly cluster: Cluster
  readonly backup: Omit<Backup, 'operationId'>
  readonly plan: Plan
}

/** What a backup would do; ProblemError where it would be refused. Nothing is written or asked of Azure. */
export async function draftBackup(services: Services, request: BackupRequest, origin: RequestOrigin): Promise<DraftedBackup> {
  const [cluster, typical] = await Promise.all([getCluster(services, request.clusterId), loadDurations(services)])
  enter('backup', standingOf(cluster))
  await checkVersion(services, cluster)
  const createdOn = secondsNow(services)
  const { clockSpeed } = services.settings
  const backup = {
    // The same for every attempt of the request.
    id: clusterIdFrom(origin),
    name: request.backupName,
    clusterId: cluster.id,
    clusterName: cluster.request.name,
    accountId: cluster.accountId,
    state: 'pending',
    stateMessage: 'pending',
    createdOn,
    expiresOn: createdOn + Math.ceil((cluster.request.backupRetentionPeriod * DAY) / clockSpeed),
    snapshots: [],
    cluster: { request: cluster.request, ...(cluster.autoscale && { autoscale: cluster.autoscale }) },
  } as const
  return { cluster, backup, plan: planBackup(stepPlanner(typical), cluster, backup) }
}

async function checkVersion(services: Services, { request: { version } }: Cluster): Promise<void> {
  if ((await versionOf(services, version)).backup) return
  throw new ProblemError({
    code: 'invalid',
    message: `Version ${version} cannot be backed up: its entry in the catalogue names no commands for that.`,
    remedy: 'Have an administrator add them (POST /api/versions); heads that are made from then on know them.',
    retryable: false,
  })
}

/** Shows the cluster as in its backup and begins, or goes on where an earlier attempt of the same request broke off. */
export async function takeBackup(
  services: Services,
  orchestrations: Orchestrations,
  request: BackupRequest,
  requestedBy: string,
  origin: RequestOrigin,
): Promise<Operation> {
  const earlier = origin.resumed ? await earlierOf(services, clusterIdFrom(origin)) : undefined
  if (earlier) {
    if (earlier.state === 'pending') await launch(services, orchestrations, earlier)
    return earlier
  }
  const { cluster, backup, plan } = await draftBackup(services, request, origin)
  const subject = { type: 'backup', id: backup.id } as const
  return startOperation(services, orchestrations, { subject, kind: BACK_UP, title: plan.title, plan, requestedBy }, (operation) =>
    claim(services, cluster, backup, operation),
  )
}

async function earlierOf(services: Services, backupId: string): Promise<Operation | undefined> {
  const backup = await findBackup(services, backupId)
  return backup && findOperation(services, backup.operationId)
}

/** The backup's row comes first: when the cluster is out of its backup, there has to be one (contract §2.6). */
async function claim(services: Services, planned: Cluster, backup: Omit<Backup, 'operationId'>, operation: Operation): Promise<void> {
  await insertBackup(services, { ...backup, operationId: operation.id })
  try {
    const claimed = await updateCluster(services, planned.id, (cluster) => {
      const state = enter('backup', standingOf(cluster))
      if (JSON.stringify(disksToSave(cluster, backup.id)) !== JSON.stringify(disksToSave(planned, backup.id))) throw overtaken
      return { ...claimedBy(cluster, state, operation), stage: cluster.stage }
    })
    if (!claimed) throw new ProblemError({ code: 'not-found', message: 'The cluster has been removed meanwhile.', retryable: false })
    // Once more, now that the backup shows that it is in use: it may have begun to leave meanwhile.
    await chosenAccount(services, backup.accountId)
  } catch (error) {
    if (isRefusal(error)) await removeBackup(services, backup.id)
    throw error
  }
}

const overtaken = new ProblemError({
  code: 'conflict',
  message: 'Another operation on the cluster has just begun. Try again.',
  retryable: true,
})
