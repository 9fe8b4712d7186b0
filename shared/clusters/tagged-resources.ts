import { DEFAULT_ACCOUNT } from '../accounts/accounts.ts'
import type { TaggedResource } from '../operations/reconcile-ledger.ts'
import type { Services } from '../services.ts'
import { CLUSTER_TAG, kindOf, OPERATION_TAG, OWNER_TAG } from './resources.ts'

/** Everything in the account's subscription that this installation has tagged as a cluster's. */
export async function taggedResources(services: Services): Promise<readonly TaggedResource[]> {
  const { settings, azure } = services
  if (settings.subscriptionId === undefined) return []
  const { resources } = await azure.forAccount(DEFAULT_ACCOUNT)
  const found: TaggedResource[] = []
  // Unfiltered: a list that is filtered by a tag comes without the tags [learn: rest/api/resources/resources/list].
  for await (const { id, tags = {} } of resources.resources.list()) {
    const clusterId = tags[CLUSTER_TAG]
    if (!id || !clusterId || tags[OWNER_TAG] !== settings.tablePrefix || !kindOf(id)) continue
    found.push({ armId: id, clusterId, operationId: tags[OPERATION_TAG] ?? '' })
  }
  return found
}
