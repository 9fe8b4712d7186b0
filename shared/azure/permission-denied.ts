import { parseArmId } from './arm-id.ts'

/** What Azure says that a caller lacks. */
export interface PermissionDenied {
  readonly action?: string
  readonly scope?: string
  /** Object id of the principal that was refused. */
  readonly principal?: string
}

/** `The client '…' with object id '…' does not have authorization to perform action '…' over scope '…' or the scope is invalid.` */
const plain = /object id '([^']*)' does not have (?:authorization|permission) to perform actions? '([^']*)' over scope '([^']*)'/i

/** `… has permission to perform action '…' on scope '…'; however, it does not have permission to perform action(s) '…' on the linked scope(s) '…'` */
const linked = /object id '([^']*)'.*?does not have permission to perform action(?:\(s\))? '([^']*)' on the linked scope\(s\) '([^']*)'/is

/** Reads Azure's 403 sentences (AuthorizationFailed, LinkedAuthorizationFailed); what it cannot read is absent. */
export function parsePermissionDenied(message: string): PermissionDenied {
  const [, principal, said, scope] = linked.exec(message) ?? plain.exec(message) ?? []
  const action = said === 'read' && scope ? readOf(scope) : said
  return { ...(principal && { principal }), ...(action && { action }), ...(scope && { scope }) }
}

/** Of images Azure says no more than `read`. */
function readOf(scope: string): string | undefined {
  const [id = ''] = scope.split(',')
  return /\/providers\/[^/]+\/[^/]+\/[^/]+/.test(id) ? `${parseArmId(id).type}/read` : undefined
}

/** Least built-in role that has the action; first match wins. */
const roles: readonly (readonly [RegExp, string])[] = [
  [/^Microsoft\.ManagedIdentity\/userAssignedIdentities\/(assign\/action|read)/i, 'Managed Identity Operator'],
  [/^Microsoft\.Storage\/.*\/blobs\//i, 'Storage Blob Data Reader'],
  [/^Microsoft\.Storage\//i, 'Storage Account Contributor'],
  [/^Microsoft\.Network\//i, 'Network Contributor'],
  [/^Microsoft\.Compute\/galleries\/.*\/read$/i, 'Compute Gallery Image Reader'],
  [/^Microsoft\.Compute\/(virtualMachines|disks|sshPublicKeys)/i, 'Virtual Machine Contributor'],
  [/\/read$/i, 'Reader'],
]

export function permissionRemedy({ action = '', scope = '', principal }: PermissionDenied): string {
  const role = roles.find(([of]) => of.test(action))?.[1] ?? 'Contributor'
  return (
    `az role assignment create --assignee-object-id ${principal ?? '<object id>'} --assignee-principal-type ServicePrincipal ` +
    `--role "${role}" --scope ${scope || '<scope>'} ` +
    `(or add ${action || 'the action'} to its custom role), then retry: a change of roles takes up to 30 minutes to take effect.`
  )
}
