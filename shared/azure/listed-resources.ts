import { classify } from './classify.ts'
import type { AzureClients } from './clients.ts'
import type { Tags } from './resource-kind.ts'

export interface ListedResource {
  readonly id: string
  /** Empty in a list that is filtered by a tag [learn: rest/api/resources/resources/list]. */
  readonly tags: Tags
}

/** The resources of the subscription that the app may see: none where its role does not let it list them. */
export async function listedResources({ resources }: AzureClients, filter?: string): Promise<readonly ListedResource[]> {
  const found: ListedResource[] = []
  try {
    for await (const { id, tags = {} } of resources.resources.list(filter === undefined ? {} : { filter })) if (id) found.push({ id, tags })
  } catch (error) {
    if (classify(error).code !== 'permission') throw error
  }
  return found
}
