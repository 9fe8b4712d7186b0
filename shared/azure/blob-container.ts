import { unlessAbsent } from './absent.ts'
import { parseArmId } from './arm-id.ts'
import type { AzureClients } from './clients.ts'

export const blobContainerId = (accountId: string, container: string): string => `${accountId}/blobServices/default/containers/${container}`

const parts = (id: string) => {
  const { resourceGroup, names } = parseArmId(id)
  return [resourceGroup, names[0] ?? '', names[2] ?? ''] as const
}

export type ContainerContents = 'absent' | 'empty' | 'filled'

export async function contentsOf({ storage, blobs }: AzureClients, id: string): Promise<ContainerContents> {
  const [group, account, container] = parts(id)
  if (!(await unlessAbsent(storage.blobContainers.get(group, account, container)))) return 'absent'
  return (await blobs.isEmpty(account, container)) ? 'empty' : 'filled'
}

/** Done when it returns; a container that exists already stays as it is. */
export async function createContainer({ storage }: AzureClients, id: string): Promise<void> {
  await storage.blobContainers.create(...parts(id), {})
}
