import type { Azure } from '../azure.ts'
import { ArmError } from './arm-error.ts'

/** Collection of Azure.records: the tenant's subscriptions, by id in lower case. */
export const SUBSCRIPTIONS = 'arm/subscriptions'

/** The id as it is known; 404 in ARM's words for one that is not. */
export function requireSubscription(azure: Azure, id: string): string {
  const key = id.toLowerCase()
  if (!azure.records(SUBSCRIPTIONS).get(key)) throw subscriptionNotFound(id)
  return key
}

export function subscriptionNotFound(id: string): ArmError {
  return new ArmError(404, 'SubscriptionNotFound', `The subscription '${id.slice(0, 100)}' could not be found.`)
}
