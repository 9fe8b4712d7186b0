import { isRestError } from '@azure/core-rest-pipeline'
import { ProblemError } from '../problem.ts'
import { unlessAbsent } from './absent.ts'
import { nameOf, parseArmId } from './arm-id.ts'
import type { AzureClients } from './clients.ts'
import { permissionRemedy } from './permission-denied.ts'

/** The data action that looking into a container takes. */
export const BLOBS_READ = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'

export const blobContainerId = (accountId: string, container: string): string => `${accountId}/blobServices/default/containers/${container}`

const parts = (id: string) => {
  const { resourceGroup, names } = parseArmId(id)
  return [resourceGroup, names[0] ?? '', names[2] ?? ''] as const
}

export type ContainerContents = 'absent' | 'empty' | 'filled'

export async function contentsOf({ storage, blobs }: AzureClients, id: string): Promise<ContainerContents> {
  const [group, account, container] = parts(id)
  if (!(await unlessAbsent(storage.blobContainers.get(group, account, container)))) return 'absent'
  return (await blobs.isEmpty(account, container).catch((error: unknown) => denied(error, id))) ? 'empty' : 'filled'
}

/** The data plane does not name the action that is missing. */
function denied(error: unknown, scope: string): never {
  if (!isRestError(error) || error.code !== 'AuthorizationPermissionMismatch') throw error
  const message = `The app lacks the data permission ${BLOBS_READ} on the container ${nameOf(scope)}.`
  throw new ProblemError({
    code: 'permission',
    message,
    remedy: permissionRemedy({ action: BLOBS_READ, scope }),
    action: BLOBS_READ,
    scope,
    retryable: false,
  })
}

/** Done when it returns; a container that exists already stays as it is. */
export async function createContainer({ storage }: AzureClients, id: string): Promise<void> {
  await storage.blobContainers.create(...parts(id), {})
}
