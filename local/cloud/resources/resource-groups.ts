import type { ResourceType } from '../provider.ts'
import { apiVersions } from './versions.ts'

const RESOURCE_GROUP_NAME = /^[-\p{L}\p{N}_.()]{0,89}[-\p{L}\p{N}_()]$/u

/** A group goes with everything in it; `remove` needs no look inside, the engine drops what is nested. */
export const resourceGroups: ResourceType = {
  type: 'subscriptions/resourceGroups',
  apiVersions,
  tracked: true,
  namePattern: RESOURCE_GROUP_NAME,
  polling: 'location',
  write: () => ({ properties: {} }),
  remove: () => ({ takes: 'resourceGroup.delete' }),
  view: (_, { id, name, location, tags, provisioningState }) => ({
    id,
    name,
    type: 'Microsoft.Resources/resourceGroups',
    location,
    tags,
    properties: { provisioningState },
  }),
}
