import type { TokenCredential } from '@azure/core-auth'
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline'
import { TableClient } from '@azure/data-tables'

/** Makes the client of a table in the one storage account that holds the app's state. */
export type StorageConnection = (table: string) => TableClient

/** With a connection string, or with the account's name and the app's own identity. */
export type StorageAccess = { readonly connectionString: string } | { readonly accountName: string; readonly credential: TokenCredential }

/** A hiccup is bridged within about a second. Longer outages are for the callers: HTTP answers 503, activities are repeated for minutes. */
const retryOptions = { maxRetries: 2, retryDelayInMs: 250, maxRetryDelayInMs: 1000 }

/** All tables share one HTTP client, and so one pool of connections. */
export function connectStorage(access: StorageAccess, httpClient: HttpClient = createDefaultHttpClient()): StorageConnection {
  if ('connectionString' in access) {
    // Plain HTTP exists only where the connection string says so: on the emulator.
    return (table) =>
      TableClient.fromConnectionString(access.connectionString, table, { httpClient, retryOptions, allowInsecureConnection: true })
  }
  return (table) =>
    new TableClient(`https://${access.accountName}.table.core.windows.net`, table, access.credential, { httpClient, retryOptions })
}
