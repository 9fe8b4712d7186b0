import { chosenAccount } from '../../accounts/accounts.ts'
import type { Cluster } from '../../clusters/cluster.ts'
import { imageOf } from '../../clusters/cluster-image.ts'
import { findCluster } from '../../clusters/cluster-store.ts'
import { bearCluster, birthOf, clusterIdFrom, type DraftedCluster } from '../../clusters/create-cluster.ts'
import { checkNetwork } from '../../clusters/create-rules.ts'
import { checkName } from '../../clusters/name-store.ts'
import { newCluster } from '../../clusters/new-cluster.ts'
import { isWorker } from '../../clusters/node.ts'
import { kindNames } from '../../clusters/operation-kinds.ts'
import { stepPlanner } from '../../clusters/plan-step.ts'
import { checkSpot } from '../../clusters/spot-price.ts'
import { loadDurations } from '../../operations/durations.ts'
import type { Operation } from '../../operations/operation.ts'
import type { Orchestrations } from '../../operations/orchestrations.ts'
import { ProblemError } from '../../problem.ts'
import type { RequestOrigin } from '../../request-origin.ts'
import type { Services } from '../../services.ts'
import { versionOf } from '../../versions/catalogue.ts'
import type { CatalogueEntry } from '../../versions/entry.ts'
import { type Backup, getBackup } from '../backup.ts'
import { containerInUse, sharingContainer } from './container-use.ts'
import { checkRestorable, holdBackup } from './hold.ts'
import { checkNewer, newerBackups } from './newer-backups.ts'
import { planRestore } from './plan-restore.ts'
import { type Overrides, restoredRequest } from './restore-request.ts'
import { checkComplete } from './saved-disks.ts'

export interface RestoreRequest {
  readonly backupId: string
  readonly changes: Overrides
  /** Whether backups may go that the restore makes worthless. */
  readonly deleteNewerBackups: boolean
}

/** What a restore would do; ProblemError where it would be refused. Nothing is written or asked of Azure. */
export async function draftRestore(services: Services, request: RestoreRequest, origin: RequestOrigin): Promise<DraftedCluster> {
  const drafted = await draft(services, request, origin)
  await checkName(services, drafted.cluster.accountId, drafted.cluster.request.name)
  return drafted
}

/** Makes a cluster from a backup whose own cluster is gone, or goes on where an earlier attempt of the same request broke off. */
export const restoreCluster = (
  services: Services,
  orchestrations: Orchestrations,
  request: RestoreRequest,
  requestedBy: string,
  origin: RequestOrigin,
): Promise<Operation> =>
  bearCluster(services, orchestrations, origin, async () => ({
    ...(await draft(services, request, origin)),
    kind: kindNames.restore,
    // The administrator has the password that is on the disks.
    commands: [],
    requestedBy,
    reserve: ({ subject }) => holdBackup(services, request.backupId, subject.id),
  }))

async function draft(
  services: Services,
  { backupId, changes, deleteNewerBackups }: RestoreRequest,
  origin: RequestOrigin,
): Promise<DraftedCluster> {
  const backup = await getBackup(services, backupId)
  await checkRestorable(services, backup, clusterIdFrom(origin))
  await checkSourceGone(services, backup)
  const cluster = await restoredCluster(services, backup, changes, origin)
  checkComplete(backup, cluster)
  const other = await sharingContainer(services, cluster)
  if (other) throw new ProblemError(containerInUse(cluster, other))
  const newer = await newerBackups(services, backup)
  if (!deleteNewerBackups) checkNewer(newer)
  const image = imageOf(cluster, await versionOf(services, cluster.request.version))
  return { cluster, plan: planRestore(stepPlanner(await loadDurations(services)), cluster, backup, newer, image) }
}

/** Checks what the changes could have made wrong; the rest was right when the cluster was made. */
async function restoredCluster(services: Services, backup: Backup, changes: Overrides, origin: RequestOrigin): Promise<Cluster> {
  const { request: saved, autoscale } = backup.cluster
  const request = restoredRequest({ ...saved, autoscale }, changes)
  checkNetwork(request)
  if (request.autoscale) checkSpot('cluster.autoscale.nonGpu', request.autoscale, request.location)
  const entry = await versionOf(services, request.version)
  imageOf({ request }, entry)
  if (!entry.backup) throw notRestorable(entry)
  const account = await chosenAccount(services, backup.accountId)
  const cluster = newCluster(request, birthOf(services, account, origin))
  return { ...cluster, nodes: cluster.nodes.filter((node) => !isWorker(node)), restoredFrom: backup.id }
}

const notRestorable = ({ version }: CatalogueEntry) =>
  new ProblemError({
    code: 'invalid',
    message: `Version ${version} cannot be restored: its entry in the catalogue names no commands for that.`,
    remedy: 'Have an administrator add them (POST /api/versions).',
    retryable: false,
  })

/** Two clusters would share one container. */
async function checkSourceGone(services: Services, { clusterId, clusterName }: Backup): Promise<void> {
  const source = await findCluster(services, clusterId)
  if (!source) return
  throw new ProblemError({
    code: 'conflict',
    message: `The cluster ${clusterName}, which the backup was taken of, is ${source.state}.`,
    remedy: 'Terminate it first: a restore rolls its container back.',
    retryable: false,
  })
}
