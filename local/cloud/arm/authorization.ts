import type { Azure, Principal } from '../azure.ts'
import type { Link } from '../provider.ts'
import { ArmError } from './arm-error.ts'

/** 403 in ARM's own words; clients read action and scope out of this sentence. */
export function authorizationFailed(caller: Principal, action: string, scope: string): ArmError {
  return new ArmError(
    403,
    'AuthorizationFailed',
    `The client '${caller.clientId}' with object id '${caller.objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  )
}

export function checkAccess(azure: Azure, caller: Principal, action: string, scope: string): void {
  if (!azure.allows(caller, action, scope)) throw authorizationFailed(caller, action, scope)
}

/** For the right to use other resources in a write: join a subnet, assign an identity. */
export function checkLinks(azure: Azure, caller: Principal, action: string, scope: string, links: readonly Link[]): void {
  const refused = links.filter((link) => !azure.allows(caller, link.action, link.id))
  if (refused.length === 0) return
  const actions = [...new Set(refused.map((link) => link.said ?? link.action))].join(', ')
  const scopes = [...new Set(refused.map((link) => link.id))].join(', ')
  throw new ArmError(
    403,
    'LinkedAuthorizationFailed',
    `The client '${caller.clientId}' with object id '${caller.objectId}' has permission to perform action '${action}' on scope '${scope}'; however, it does not have permission to perform action(s) '${actions}' on the linked scope(s) '${scopes}' (respectively) or the linked scope(s) are invalid.`,
  )
}
