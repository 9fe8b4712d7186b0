import { unlessAbsent } from './absent.ts'
import { groupAndName } from './arm-id.ts'
import type { AzureClients } from './clients.ts'
import type { KeptKind, KeptModel } from './kept-kind.ts'
import { observe } from './observe.ts'

export const userAssignedIdentity: KeptKind<KeptModel> = {
  name: 'identity',
  type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
  noun: 'user-assigned identity',
  permissions: ['Microsoft.ManagedIdentity/userAssignedIdentities/read', 'Microsoft.ManagedIdentity/userAssignedIdentities/write'],
  seconds: 3,
  async put({ identities }, id, { location }, tags) {
    await identities.userAssignedIdentities.createOrUpdate(...groupAndName(id), { location, tags })
    return undefined
  },
  async get({ identities }, id) {
    const found = await unlessAbsent(identities.userAssignedIdentities.get(...groupAndName(id)))
    return observe(found && { tags: found.tags ?? {} })
  },
}

/** Object id of the identity's service principal; undefined where there is no such identity. */
export async function principalOf({ identities }: AzureClients, id: string): Promise<string | undefined> {
  return (await unlessAbsent(identities.userAssignedIdentities.get(...groupAndName(id))))?.principalId
}
