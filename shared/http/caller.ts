/** Each role may do what the ones before it may; an agent only its own endpoints. */
export type UserRole = 'reader' | 'operator' | 'admin'

/** Who may call an endpoint. `none`: anybody, without a key. */
export type EndpointRole = 'none' | 'agent' | UserRole

/** Who asks, as it was proven. */
export type Caller =
  | { readonly kind: 'anonymous'; readonly id: 'anonymous'; readonly name: string }
  /** An API key or a user of Entra ID. `name` is for people: it is shown as the one who asked. */
  | { readonly kind: 'key' | 'user'; readonly id: string; readonly name: string; readonly role: UserRole }
  | { readonly kind: 'agent'; readonly id: string; readonly name: string; readonly clusterId: string }

export const anonymous: Caller = { kind: 'anonymous', id: 'anonymous', name: 'anonymous' }

const RANK: Readonly<Record<UserRole, number>> = { reader: 1, operator: 2, admin: 3 }

export function mayCall(caller: Caller, role: EndpointRole): boolean {
  if (role === 'none') return true
  if (role === 'agent') return caller.kind === 'agent'
  return 'role' in caller && RANK[caller.role] >= RANK[role]
}
