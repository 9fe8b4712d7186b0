import { defaultView } from '../arm/view.ts'
import type { ResourceType } from '../provider.ts'

/** Identities with a service principal of their own: they can be given roles and get tokens. */
export const userAssignedIdentities: ResourceType = {
  type: 'userAssignedIdentities',
  apiVersions: ['2024-11-30', '2023-07-31-PREVIEW', '2023-01-31', '2022-01-31-PREVIEW', '2021-09-30-PREVIEW', '2018-11-30'],
  tracked: true,
  namePattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/,
  write({ azure, id }, existing) {
    if (existing) return { properties: existing.properties }
    const [principalId, clientId] = [azure.uuid(), azure.uuid()]
    azure.directory.put({ objectId: principalId, clientId, displayName: id.name, kind: 'ManagedIdentity', identityId: id.id })
    return { properties: { tenantId: azure.directory.tenantId, principalId, clientId } }
  },
  remove: () => ({}),
  finishRemove(azure, identity) {
    azure.directory.delete(String(identity.properties.principalId))
  },
  view(_azure, identity) {
    return { ...defaultView(identity), properties: identity.properties }
  },
}
