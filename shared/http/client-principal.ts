import * as z from 'zod'
import type { Caller, UserRole } from './caller.ts'

const Principal = z.object({
  claims: z.array(z.object({ typ: z.string(), val: z.string() })).max(1000),
  role_typ: z.string().optional(),
})

const ROLES: readonly UserRole[] = ['admin', 'operator', 'reader']
const OBJECT_ID = ['http://schemas.microsoft.com/identity/claims/objectidentifier', 'oid']
const NAME = ['preferred_username', 'name']

/**
 * The user whom App Service authentication has signed in, from its header `x-ms-client-principal`, with the highest of the app roles
 * `reader`, `operator`, `admin`. Only App Service can be believed: without it in front, anybody can send this header.
 */
export function callerOfPrincipal(header: string): Caller | undefined {
  let content: unknown
  try {
    content = JSON.parse(Buffer.from(header, 'base64').toString())
  } catch {
    return undefined
  }
  const principal = Principal.safeParse(content)
  if (!principal.success) return undefined
  const { claims, role_typ: roleType = 'roles' } = principal.data
  const claim = (types: readonly string[]) => claims.find(({ typ }) => types.includes(typ))?.val
  const role = ROLES.find((role) => claims.some(({ typ, val }) => (typ === roleType || typ === 'roles') && val.toLowerCase() === role))
  const id = claim(OBJECT_ID)
  return role && id ? { kind: 'user', id: `user:${id}`, name: claim(NAME) ?? id, role } : undefined
}
