import { DEFAULT_ACCOUNT } from '../accounts/accounts.ts'
import { listedResources } from '../azure/listed-resources.ts'
import type { TaggedResource } from '../operations/reconcile-ledger.ts'
import type { Services } from '../services.ts'
import { CLUSTER_TAG, kindOf, OPERATION_TAG, OWNER_TAG } from './resources.ts'

/** Everything in the account's subscription that this installation has tagged as a cluster's. */
export async function taggedResources(services: Services): Promise<readonly TaggedResource[]> {
  const { settings, azure } = services
  if (settings.subscriptionId === undefined) return []
  const listed = await listedResources(await azure.forAccount(DEFAULT_ACCOUNT))
  return listed.flatMap(({ id, tags }) => {
    const clusterId = tags[CLUSTER_TAG]
    if (!clusterId || tags[OWNER_TAG] !== settings.tablePrefix || !kindOf(id)) return []
    return [{ armId: id, clusterId, operationId: tags[OPERATION_TAG] ?? '' }]
  })
}
