import { BlobServiceClient } from '@azure/storage-blob'
import { StartError } from './start-error.ts'

/** The container that the official host keeps its own state in: locks, timers. */
export const HOST_CONTAINER = 'azure-webjobs-hosts'

/**
 * The connection string that a binding's `connection` names: the setting of that name, or of that name after `AzureWebJobs`
 * (`Storage` is AzureWebJobsStorage), which is also the default.
 */
export function storageConnection(settings: Readonly<Record<string, string>>, connection: unknown): string {
  const name = typeof connection === 'string' && connection !== '' ? connection : 'AzureWebJobsStorage'
  const found = settings[name] ?? settings[`AzureWebJobs${name}`]
  if (!found) throw new StartError('setting-missing', `The setting ${name} is missing: a connection string of a storage account.`)
  return found
}

/** @throws StartError when the account does not answer, or not to this connection string. */
export async function reachStorage(connectionString: string): Promise<void> {
  let address = ''
  try {
    const service = BlobServiceClient.fromConnectionString(connectionString, { retryOptions: { maxTries: 1, tryTimeoutInMs: 5_000 } })
    // A shared access signature would be in the query: not for the message.
    address = new URL(service.url).origin
    await service.getContainerClient(HOST_CONTAINER).createIfNotExists()
  } catch (cause) {
    throw address
      ? new StartError('storage-unreachable', `The storage account of AzureWebJobsStorage at ${address} does not answer.`, { cause })
      : new StartError('setting-broken', 'The setting AzureWebJobsStorage is no connection string of a storage account.', { cause })
  }
}
