import { randomUUID } from 'node:crypto'
import { SUBSCRIPTIONS } from '../../../local/cloud/arm/subscription.ts'
import { customRoleId, ROLE_DEFINITION } from '../../../local/cloud/authorization/access.ts'
import { assignRole } from '../../../local/cloud/authorization/role-assignments.ts'
import type { Cloud } from '../../../local/cloud/start-cloud.ts'
import type { TenantDirectory } from '../../../local/cloud/tokens/directory.ts'
import type { ShownRole } from '../../../shared/permissions/wire.ts'
import type { Api } from '../api.ts'

/** A subscription with nothing in it: not even a resource provider is registered. Answers its id. */
export function emptySubscription({ azure }: Cloud): string {
  const id = randomUUID()
  azure.change(() => azure.records(SUBSCRIPTIONS).put(id, { displayName: 'empty' }))
  return id
}

type Given = Pick<ShownRole, 'actions' | 'dataActions' | 'scopes'>

/**
 * A service principal of its own that holds exactly these roles, connected as an account. Answers the account's id.
 * `subscriptionId`: another than the landing zone's.
 */
export async function accountWith(
  api: Api,
  { azure, landingZone }: Cloud,
  roles: readonly Given[],
  subscriptionId = landingZone.subscriptionId,
): Promise<string> {
  const { tenantId } = landingZone
  const [clientId, objectId, clientSecret] = [randomUUID(), randomUUID(), randomUUID()]
  // The part of the directory that requests see has no secrets; the whole one does.
  const directory = azure.directory as TenantDirectory
  azure.change(() => {
    directory.put({ clientId, objectId, displayName: clientId, kind: 'Application' })
    directory.setSecret(clientId, clientSecret)
    for (const { actions, dataActions, scopes } of roles) {
      const name = randomUUID()
      const permissions = [{ actions: [...actions], notActions: [], dataActions: [...dataActions], notDataActions: [] }]
      azure.resources.put({
        id: customRoleId(name),
        name,
        type: ROLE_DEFINITION,
        provisioningState: 'Succeeded',
        properties: { roleName: name, description: '', type: 'CustomRole', assignableScopes: [...scopes], permissions },
        envelope: {},
        hidden: {},
      })
      for (const scope of scopes) assignRole(azure, { name: randomUUID(), scope, role: name, principalId: objectId, effectiveIn: 0 })
    }
  })
  const body = { name: clientId, tenantId, subscriptionId, credential: 'client-secret', clientId, clientSecret }
  const answer = await api.call<{ account: { id: string } }>('POST', '/api/accounts', body)
  if (answer.code !== 201) throw new Error(answer.message)
  return answer.payload.account.id
}
