import type { Azure } from '../azure.ts'
import type { Resource } from '../resource.ts'
import { sameSecret } from './credentials.ts'
import type { Right } from './data-request.ts'

export const SCOPE_MAP = 'Microsoft.ContainerRegistry/registries/scopeMaps'
export const TOKEN = 'Microsoft.ContainerRegistry/registries/tokens'

const RIGHTS: Readonly<Record<string, Right>> = {
  'content/read': 'pull',
  'content/write': 'push',
  'content/delete': 'delete',
  'metadata/read': 'metadata_read',
  'metadata/write': 'metadata_write',
}

/** Whether a token of the registry has the right through its scope map. */
export function scopeMapGives(azure: Azure, registry: Resource, tokenName: string, right: Right, repository: string): boolean {
  const token = azure.resources.get(`${registry.id}/tokens/${tokenName}`)
  if (token?.properties.status !== 'enabled') return false
  const scopeMap = azure.resources.get(String(token.properties.scopeMapId))
  const actions = (scopeMap?.properties.actions ?? []) as readonly string[]
  return actions.some((action) => {
    const [, pattern, kind] = /^repositories\/(.+)\/((?:content|metadata)\/\w+)$/.exec(action) ?? []
    return pattern !== undefined && kind !== undefined && RIGHTS[kind] === right && covers(pattern, repository)
  })
}

/** `team/*` takes in every repository that starts so, `*` all. */
function covers(pattern: string, repository: string): boolean {
  return pattern.endsWith('*') ? repository.startsWith(pattern.slice(0, -1)) : pattern === repository
}

export function tokenSubject(azure: Azure, registry: Resource, name: string, password: string): string | undefined {
  if (!/^[a-zA-Z0-9-]{5,50}$/.test(name)) return undefined
  const token = azure.resources.get(`${registry.id}/tokens/${name}`)
  if (token?.properties.status !== 'enabled') return undefined
  const now = azure.clock.now()
  const passwords = (token.hidden.passwords ?? []) as readonly { value: string; expiry?: string }[]
  const fits = passwords.some(({ value, expiry }) => sameSecret(value, password) && (expiry === undefined || Date.parse(expiry) > now))
  return fits ? `token ${token.name}` : undefined
}
