import type { Arm } from './arm.ts'
import { ArmError } from './arm-error.ts'

/** Namespaces that every subscription has. */
export const ALWAYS_REGISTERED: readonly string[] = ['Microsoft.Resources', 'Microsoft.Authorization']

/** Collection of Azure.records that says which namespaces a subscription is registered for; see registrationKey. */
export const REGISTRATIONS = 'resources/registrations'

export function registrationKey(subscriptionId: string, namespace: string): string {
  return `${subscriptionId}/${namespace}`.toLowerCase()
}

/** Writes need the namespace registered; 409 in ARM's words. */
export function requireRegistration({ azure }: Arm, namespace: string, subscriptionId: string): void {
  if (ALWAYS_REGISTERED.includes(namespace)) return
  const row = azure.records(REGISTRATIONS).get(registrationKey(subscriptionId, namespace))
  if (row?.state === 'Registered') return
  const message = `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`
  throw new ArmError(409, 'MissingSubscriptionRegistration', message, {
    details: [{ code: 'MissingSubscriptionRegistration', target: namespace, message }],
  })
}
