import { createHash, timingSafeEqual } from 'node:crypto'
import type { Directory, Principal } from '../azure.ts'
import type { JsonObject } from '../resource.ts'
import type { State } from '../state.ts'

export interface TenantDirectory extends Directory {
  /** Stored as its SHA-256. */
  setSecret(clientId: string, secret: string): void
  checkSecret(clientId: string, secret: string): boolean
  /** The application believes tokens of that principal in place of a secret: a federated credential, its subject the principal's object id. */
  trust(clientId: string, subject: string): void
  trusts(clientId: string, subject: string): boolean
  all(): Principal[]
}

/** Service principals of one tenant, in the state. */
export function directoryOf(state: State, tenantId: string): TenantDirectory {
  const principals = state.table('directory')
  const secrets = state.table('directory.secrets')
  const trusted = state.table('directory.trusted')
  const asPrincipal = (row: JsonObject | undefined) => row as unknown as Principal | undefined
  const all = () => [...principals.entries()].map(([, row]) => row as unknown as Principal)

  return {
    tenantId,
    all,
    byObjectId: (objectId) => asPrincipal(principals.get(objectId.toLowerCase())),
    byClientId: (clientId) => all().find((principal) => principal.clientId.toLowerCase() === clientId.toLowerCase()),
    put: (principal) => principals.put(principal.objectId.toLowerCase(), { ...principal }),
    delete: (objectId) => principals.delete(objectId.toLowerCase()),
    setSecret: (clientId, secret) => secrets.put(clientId.toLowerCase(), { sha256: digest(secret).toString('hex') }),
    checkSecret(clientId, secret) {
      const stored = secrets.get(clientId.toLowerCase())
      return stored !== undefined && timingSafeEqual(Buffer.from(String(stored.sha256), 'hex'), digest(secret))
    },
    trust: (clientId, subject) => trusted.put(`${clientId} ${subject}`.toLowerCase(), {}),
    trusts: (clientId, subject) => trusted.get(`${clientId} ${subject}`.toLowerCase()) !== undefined,
  }
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
