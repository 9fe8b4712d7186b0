import type { TokenCredential } from '@azure/core-auth'
import { createAzureFactory } from '../shared/azure/azure-factory.ts'
import type { Settings } from '../shared/config/settings.ts'
import { once } from '../shared/once.ts'
import { createRegistryAccess } from '../shared/registries/registry-access.ts'
import { createKeyVault } from '../shared/secrets/key-vault.ts'
import { createSecretFile } from '../shared/secrets/secret-file.ts'
import type { Secrets } from '../shared/secrets/secrets.ts'
import type { Services } from '../shared/services.ts'
import { connectStorage, type StorageAccess } from '../shared/storage/connection.ts'
import { createQueues } from '../shared/storage/queues.ts'
import { createTables } from '../shared/storage/tables.ts'

/** Everything that the domain needs, made from the settings. Nothing is called before it is used. */
export function createServices(settings: Settings, given: Pick<Services, 'clock' | 'log' | 'agentFiles'>): Services {
  const base = {
    ...given,
    settings,
    tables: createTables(connectStorage(storageAccess(settings)), settings.tablePrefix),
    queues: createQueues(storageAccess(settings), settings.tablePrefix),
    secrets: secretsOf(settings),
  }
  const connected = { ...base, azure: createAzureFactory(base) }
  return { ...connected, registries: createRegistryAccess(connected) }
}

function storageAccess({ storageConnectionString, storageAccountName }: Settings): StorageAccess {
  if (storageConnectionString) return { connectionString: storageConnectionString }
  if (storageAccountName) return { accountName: storageAccountName, credential: ownCredential() }
  throw new Error('checked when the settings were read')
}

function secretsOf({ keyVaultUrl, secretsFile }: Settings): Secrets {
  return keyVaultUrl ? createKeyVault(keyVaultUrl, ownCredential()) : createSecretFile(secretsFile)
}

/** The app's own identity, for its own storage and vault. */
function ownCredential(): TokenCredential {
  const load = once(async () => {
    const { DefaultAzureCredential } = await import('@azure/identity')
    return new DefaultAzureCredential()
  })
  return { getToken: async (scopes, options) => (await load()).getToken(scopes, options) }
}
