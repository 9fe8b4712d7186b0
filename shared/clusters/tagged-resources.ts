import { listAccounts } from '../accounts/accounts.ts'
import { classify } from '../azure/classify.ts'
import { type ListedResource, listedResources } from '../azure/listed-resources.ts'
import type { TaggedResource } from '../operations/reconcile-ledger.ts'
import type { Services } from '../services.ts'
import { BACKUP_TAG, CLUSTER_TAG, kindOf, OPERATION_TAG, OWNER_TAG } from './resources.ts'

/** Everything in the connected subscriptions that this installation has tagged as a cluster's or a backup's. */
export async function taggedResources(services: Services): Promise<readonly TaggedResource[]> {
  const accounts = await listAccounts(services)
  const lists = await Promise.all(accounts.map(({ id }) => listedIn(services, id)))
  return lists.flat().flatMap(({ id, tags }) => {
    const subjectId = tags[CLUSTER_TAG] || tags[BACKUP_TAG]
    if (!subjectId || tags[OWNER_TAG] !== services.settings.tablePrefix || !kindOf(id)) return []
    return [{ armId: id, subjectId, operationId: tags[OPERATION_TAG] ?? '' }]
  })
}

/** A subscription that cannot be reached now must not hide the others; it is looked at again the next time. */
async function listedIn(services: Services, accountId: string): Promise<readonly ListedResource[]> {
  try {
    return await listedResources(await services.azure.forAccount(accountId))
  } catch (error) {
    services.log('subscription-not-listed', { account: accountId, problem: classify(error).message })
    return []
  }
}
