import type { Clock } from '../clock.ts'
import type { UserRole } from '../http/caller.ts'
import { ProblemError } from '../problem.ts'
import type { Page, Table, Tables } from '../storage/table.ts'
import { update } from '../storage/update.ts'
import { holds, keyHash, keyId, newKey, StoredKey } from './key.ts'

const PARTITION = 'key'
/** Least time between two notes of a key's use, in seconds. */
const USE_NOTED_EVERY = 60

export interface NewKey {
  readonly name: string
  readonly role: UserRole
  readonly createdBy: string
  /** Epoch seconds. */
  readonly expiresOn?: number
}

export interface KeyStore {
  /** Makes a key and answers it, for the only time. */
  create(key: NewKey): Promise<{ readonly id: string; readonly key: string; readonly stored: StoredKey }>
  find(id: string): Promise<StoredKey | undefined>
  /** Keys that hold or have run out, without the revoked ones. */
  list(options: { limit?: number; continuation?: string }): Promise<Page<StoredKey>>
  /** Also a revoked one. Throws `not-found` when there is none. */
  get(id: string): Promise<StoredKey>
  /** Throws `not-found` when there is none. */
  revoke(id: string): Promise<void>
  noteUse(id: string, stored: StoredKey): Promise<void>
  /** Stores the key from the settings unless it was there before, even if revoked; answers its id when it was stored. */
  addFirst(key: string): Promise<string | undefined>
}

export function createKeyStore(tables: Tables, clock: Clock): KeyStore {
  const table: Table<StoredKey> = tables.table('keys', StoredKey)
  const now = () => Math.floor(clock.now() / 1000)
  const insert = async (key: string, fields: NewKey) => {
    const hash = keyHash(key)
    const id = keyId(hash)
    const { value } = await table.insert(PARTITION, id, { ...fields, hash, createdOn: now() })
    return { id, key, stored: value }
  }
  return {
    create: (fields) => insert(newKey(), fields),
    find: async (id) => (await table.get(PARTITION, id))?.value,
    async list(options) {
      const page = await table.list(PARTITION, options)
      return { ...page, items: page.items.filter(({ value }) => value.revokedOn === undefined) }
    },
    get: async (id) => (await table.get(PARTITION, id))?.value ?? noKey(id),
    async revoke(id) {
      const stored = await update(table, PARTITION, id, (key) => (key.revokedOn === undefined ? { ...key, revokedOn: now() } : undefined))
      if (!stored) noKey(id)
    },
    async noteUse(id, stored) {
      if (now() - (stored.lastUsedOn ?? 0) < USE_NOTED_EVERY) return
      await update(table, PARTITION, id, (key) => (holds(key, now()) ? { ...key, lastUsedOn: now() } : undefined))
    },
    async addFirst(key) {
      const id = keyId(keyHash(key))
      if (await table.get(PARTITION, id)) return undefined
      try {
        await insert(key, { name: 'first key', role: 'admin', createdBy: 'settings' })
        return id
      } catch (error) {
        // Another instance of the app started at the same time.
        if (error instanceof ProblemError && error.problem.code === 'conflict') return undefined
        throw error
      }
    },
  }
}

function noKey(id: string): never {
  throw new ProblemError({ code: 'not-found', message: `There is no key ${id}.`, retryable: false })
}
