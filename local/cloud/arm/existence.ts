import type { Azure } from '../azure.ts'
import type { Resource } from '../resource.ts'
import { ArmError } from './arm-error.ts'
import type { KnownType } from './registry.ts'
import { RESOURCE_GROUP_TYPE, type ResourceId } from './resource-id.ts'

/** The resource, or one that exists without ever having been written. */
export function findResource(azure: Azure, known: KnownType, id: ResourceId): Resource | undefined {
  const stored = azure.resources.get(id.id)
  if (stored || !known.definition.implicit) return stored
  return id.parentId && azure.resources.get(id.parentId) ? known.definition.implicit(azure, id) : undefined
}

/** 404 in ARM's words. */
export function resourceNotFound(known: KnownType, id: ResourceId): ArmError {
  if (known.type === RESOURCE_GROUP_TYPE) return resourceGroupNotFound(id.resourceGroup)
  return new ArmError(
    404,
    'ResourceNotFound',
    `The Resource '${known.type}/${id.names.join('/')}' under resource group '${id.resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  )
}

export function resourceGroupNotFound(name: string): ArmError {
  return new ArmError(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`)
}

/** The group of a resource: there, and for writes not on its way out. */
export function requireGroup(azure: Azure, known: KnownType, id: ResourceId, forWrite: boolean): void {
  if (known.type === RESOURCE_GROUP_TYPE) return
  const group = azure.resources.get(`/subscriptions/${id.subscriptionId}/resourceGroups/${id.resourceGroup}`)
  if (!group) throw resourceGroupNotFound(id.resourceGroup)
  if (forWrite && group.provisioningState === 'Deleting')
    throw new ArmError(
      409,
      'ResourceGroupBeingDeleted',
      `The resource group '${group.name}' is in deprovisioning state and cannot perform this operation.`,
    )
}

export function requireParent(azure: Azure, known: KnownType, id: ResourceId): void {
  if (!id.parentId || azure.resources.get(id.parentId)) return
  throw new ArmError(
    404,
    'ParentResourceNotFound',
    `Failed to perform 'write' on resource(s) of type '${known.definition.type}', because the parent resource '${id.parentId}' could not be found.`,
  )
}

/** The id as it will be echoed: group, namespace, type and parents as they are known, the last name as sent. */
export function canonicalId(azure: Azure, known: KnownType, id: ResourceId): ResourceId {
  if (known.type === RESOURCE_GROUP_TYPE) return id
  const group = azure.resources.get(`/subscriptions/${id.subscriptionId}/resourceGroups/${id.resourceGroup}`)
  const resourceGroup = group?.name ?? id.resourceGroup
  const types = known.definition.type.split('/')
  const parent = id.parentId ? azure.resources.get(id.parentId) : undefined
  const prefix = `/subscriptions/${id.subscriptionId}/resourceGroups/${resourceGroup}/providers/${known.provider.namespace}`
  const parentId =
    id.parentId &&
    (parent?.id ??
      `${prefix}/${types
        .slice(0, -1)
        .map((type, index) => `${type}/${id.names[index]}`)
        .join('/')}`)
  return {
    ...id,
    id: `${parentId ?? prefix}/${types.at(-1)}/${id.name}`,
    resourceGroup,
    namespace: known.provider.namespace,
    type: known.type,
    parentId,
  }
}
