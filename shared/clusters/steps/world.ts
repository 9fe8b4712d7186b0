import { sameArmId } from '../../azure/arm-id.ts'
import type { AzureClients } from '../../azure/clients.ts'
import { disk } from '../../azure/disk.ts'
import type { Tags } from '../../azure/resource-kind.ts'
import type { StepContext } from '../../operations/context.ts'
import type { Cluster } from '../cluster.ts'
import { getCluster } from '../cluster-store.ts'
import { BACKUP_TAG, CLUSTER_TAG, kindOf } from '../resources.ts'

/** What every step that touches a cluster's Azure resources needs. */
export interface World {
  readonly cluster: Cluster
  readonly clients: AzureClients
}

export async function worldOf({ services, subjectId: clusterId }: StepContext): Promise<World> {
  const cluster = await getCluster(services, clusterId)
  return { cluster, clients: await services.azure.forAccount(cluster.accountId) }
}

/**
 * Whether we made this resource. A name that fits proves nothing: what the user has under it must neither be taken over nor removed.
 * Disks that Azure makes with a machine have no tags of ours, and tags can be taken off. Then the ledger tells: a disk is entered there
 * only when there was none of its name, anything else counts once it was seen to be made.
 */
export async function isOurs({ ledger, subjectId }: StepContext, id: string, tags: Tags): Promise<boolean> {
  if (tags[CLUSTER_TAG] === subjectId || tags[BACKUP_TAG] === subjectId) return true
  const untagged = kindOf(id) === disk
  const entry = (await ledger.list()).find(({ armId }) => sameArmId(armId, id))
  return entry?.state === 'created' || (untagged && entry?.state === 'intended')
}
