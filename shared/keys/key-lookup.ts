import type { Clock } from '../clock.ts'
import type { Caller } from '../http/caller.ts'
import { holds, isKey, KEY_PATTERN, keyHash, keyId, type StoredKey } from './key.ts'
import type { KeyStore } from './key-store.ts'

/** How long a key that was found is believed without looking again, in milliseconds: a revoked one may work so long. */
const BELIEVED = 10_000
/** Most keys remembered. */
const REMEMBERED = 1000

/** The owner of a key; undefined: there is none, or the key does not hold any more. */
export type KeyLookup = (key: string) => Promise<Caller | undefined>

/** Finds the owner of a key, with a short memory so that a read costs no second one. */
export function createKeyLookup(store: KeyStore, clock: Clock): KeyLookup {
  const memory = new Map<string, { readonly stored: StoredKey; readonly until: number }>()

  async function find(hash: string): Promise<StoredKey | undefined> {
    const remembered = memory.get(hash)
    if (remembered && clock.now() < remembered.until) return remembered.stored
    memory.delete(hash)
    const stored = await store.find(keyId(hash))
    if (!stored || !isKey(stored, hash)) return undefined
    const [oldest] = memory.keys()
    if (memory.size >= REMEMBERED && oldest !== undefined) memory.delete(oldest)
    memory.set(hash, { stored, until: clock.now() + BELIEVED })
    // Failing to note a use is no reason to refuse it.
    await store.noteUse(keyId(hash), stored).catch(() => {})
    return stored
  }

  return async (key) => {
    if (!KEY_PATTERN.test(key)) return undefined
    const hash = keyHash(key)
    const stored = await find(hash)
    if (!stored || !holds(stored, clock.now() / 1000)) return undefined
    return { kind: 'key', id: `key:${keyId(hash)}`, name: stored.name, role: stored.role }
  }
}
