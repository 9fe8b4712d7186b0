import type { AzureClients } from './clients.ts'

/** What registering a provider takes: each has an action of its own [learn: resource-providers-and-types]. */
export const registerAction = (namespace: string): string => `${namespace}/register/action`

/** `Registered`, `Registering`, `NotRegistered` …; of the subscription. */
export async function registrationOf({ resources }: AzureClients, namespace: string): Promise<string> {
  return (await resources.providers.get(namespace)).registrationState ?? 'NotRegistered'
}

/** Azure goes on with it for minutes after it has answered. */
export async function register({ resources }: AzureClients, namespace: string): Promise<void> {
  await resources.providers.register(namespace)
}
