import { effectiveAssignments, permissionsOfRole } from '../authorization/access.ts'
import { permits } from '../authorization/role.ts'
import type { Azure } from '../azure.ts'
import type { Resource } from '../resource.ts'
import { passwordFits } from './credentials.ts'
import type { Right } from './data-request.ts'
import { isAbac, skuOf } from './registry.ts'
import { conditionHolds } from './repository-condition.ts'
import { scopeMapGives, tokenSubject } from './scope-map.ts'

const ROOT = 'Microsoft.ContainerRegistry/registries'

/** What was soft-deleted is the whole registry's matter in either mode [learn: container-registry-soft-delete-policy]. */
const DELETED_ACTIONS = {
  deleted_catalog: ['deleted/read'],
  deleted_read: ['deleted/read'],
  deleted_restore: ['deleted/restore/action'],
} as const satisfies Partial<Record<Right, readonly string[]>>

/** Actions that give a right where roles are those of the whole registry: one of them is enough. Reading metadata comes with pulling. */
const ACTIONS: Readonly<Record<Right, readonly string[]>> = {
  catalog: ['pull/read', 'metadata/read'],
  pull: ['pull/read'],
  push: ['push/write'],
  delete: ['artifacts/delete'],
  metadata_read: ['pull/read', 'metadata/read'],
  metadata_write: ['push/write', 'metadata/write'],
  ...DELETED_ACTIONS,
}

/** Data actions that give a right where roles are those of repositories [learn: container-registry-rbac-abac-repository-permissions]. */
const DATA_ACTIONS: Readonly<Record<Exclude<Right, keyof typeof DELETED_ACTIONS>, string>> = {
  catalog: 'catalog/read',
  pull: 'repositories/content/read',
  push: 'repositories/content/write',
  delete: 'repositories/content/delete',
  metadata_read: 'repositories/metadata/read',
  metadata_write: 'repositories/metadata/write',
}

/** Whether the subject of a registry's token may do something now. */
export function subjectMay(azure: Azure, registry: Resource, subject: string, right: Right, repository: string): boolean {
  const [kind, name = ''] = subject.split(' ')
  switch (kind) {
    case 'admin':
      return registry.properties.adminUserEnabled === true
    case 'anonymous':
      return anonymousMay(registry, right)
    case 'token':
      return scopeMapGives(azure, registry, name, right, repository)
    default:
      return principalMay(azure, registry, name, right, repository)
  }
}

function anonymousMay(registry: Resource, right: Right): boolean {
  const open = registry.properties.anonymousPullEnabled === true && skuOf(registry) !== 'Basic'
  return open && (right === 'pull' || right === 'metadata_read')
}

function principalMay(azure: Azure, registry: Resource, objectId: string, right: Right, repository: string): boolean {
  const principal = azure.directory.byObjectId(objectId)
  if (!principal) return false
  if (!isAbac(registry) || isAboutDeleted(right))
    return ACTIONS[right].some((action) => azure.allows(principal, `${ROOT}/${action}`, registry.id))
  // Permissions are asked for one repository at a time, so a wildcard has none.
  if (repository === '*') return false
  const action = `${ROOT}/${DATA_ACTIONS[right]}`
  return effectiveAssignments(azure, objectId, registry.id).some(
    ({ roleDefinitionId, condition }) =>
      permissionsOfRole(azure, String(roleDefinitionId)).some((permission) => permits(permission, action, true)) &&
      conditionHolds(typeof condition === 'string' ? condition : undefined, { action, repository }),
  )
}

function isAboutDeleted(right: Right): right is keyof typeof DELETED_ACTIONS {
  return right in DELETED_ACTIONS
}

/** The subject that user name and password of Basic authentication stand for. */
export function subjectOfPassword(azure: Azure, registry: Resource, user: string, password: string): string | undefined {
  if (user.toLowerCase() === registry.name.toLowerCase())
    return registry.properties.adminUserEnabled === true && passwordFits(registry, password) ? 'admin' : undefined
  return tokenSubject(azure, registry, user, password)
}
