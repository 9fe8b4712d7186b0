import type { Permission, RoleDefinition } from '@azure/arm-authorization'
import { createPipelineRequest } from '@azure/core-rest-pipeline'
import * as z from 'zod'
import { nameOf, parseArmId } from './arm-id.ts'
import type { AzureClients } from './clients.ts'

/** What role assignments give: patterns with `*`, compared without regard to case. */
export type Granted = readonly Permission[]

/** [learn: rest/api/authorization/permissions] */
const API_VERSION = '2022-04-01'

const patterns = z.array(z.string()).exactOptional()
const listSchema = z.object({
  value: z.array(z.object({ actions: patterns, notActions: patterns, dataActions: patterns, notDataActions: patterns })),
})

export function isGranted(granted: Granted, action: string, data: boolean): boolean {
  return granted.some(({ actions = [], notActions = [], dataActions = [], notDataActions = [] }) => {
    const covers = (patterns: readonly string[]) => patterns.some((pattern) => matches(pattern, action))
    return data ? covers(dataActions) && !covers(notDataActions) : covers(actions) && !covers(notActions)
  })
}

const matches = (pattern: string, action: string): boolean =>
  new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`, 'i').test(action)

const escaped = (text: string): string => text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')

/** What the app itself may do at a resource group or at a resource, whether that exists or not. */
export async function ownGranted({ authorization }: AzureClients, scope: string): Promise<Granted> {
  const { resourceGroup, type, names } = parseArmId(scope)
  if (type === 'Microsoft.Resources/resourceGroups') return collected(authorization.permissions.listForResourceGroup(resourceGroup))
  const [namespace = '', ...kinds] = type.split('/')
  const parts = kinds.map((kind, index) => `${kind}/${names[index] ?? ''}`)
  const parent = parts.slice(0, -1).join('/')
  const [name = ''] = names.slice(-1)
  return collected(authorization.permissions.listForResource(resourceGroup, namespace, parent, kinds.at(-1) ?? '', name))
}

/** What the app itself may do in the whole subscription; the client only asks for groups and resources. */
export async function ownGrantedInSubscription({ authorization, subscriptionId }: AzureClients): Promise<Granted> {
  const url = `https://management.azure.com/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/permissions?api-version=${API_VERSION}`
  const { bodyAsText } = await authorization.sendRequest(createPipelineRequest({ url }))
  return listSchema.safeParse(JSON.parse(bodyAsText || '{}')).data?.value ?? []
}

/** What the roles of another principal give at a scope. */
export const grantedTo = async (clients: AzureClients, scope: string, principalId: string): Promise<Granted> =>
  grantedBy(await rolesOf(clients, scope, principalId))

export const grantedBy = (roles: readonly RoleDefinition[]): Granted => roles.flatMap(({ permissions = [] }) => permissions)

/** The roles of another principal at a scope, those assigned above it and to its groups included. */
export async function rolesOf({ authorization }: AzureClients, scope: string, principalId: string): Promise<readonly RoleDefinition[]> {
  const filter = `atScope() and assignedTo('${principalId}')`
  const assignments = await collected(authorization.roleAssignments.listForScope(scope, { filter }))
  const roles = new Set(assignments.flatMap(({ roleDefinitionId }) => roleDefinitionId ?? []))
  // Asked for at the scope: a role that is given in a group may not be read in the subscription.
  return Promise.all([...roles].map((id) => authorization.roleDefinitions.get(scope, nameOf(id))))
}

async function collected<T>(pages: AsyncIterable<T>): Promise<readonly T[]> {
  const items: T[] = []
  for await (const item of pages) items.push(item)
  return items
}
