import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import * as z from 'zod'

/** A key as it is stored. The key itself is shown once, when it is made, and kept nowhere. */
export const StoredKey = z.object({
  name: z.string(),
  role: z.enum(['reader', 'operator', 'admin']),
  /** SHA-256 of the key in hex. A key is 256 random bits, so a slow hash would guard nothing more. */
  hash: z.string(),
  createdBy: z.string(),
  /** Epoch seconds, as all below. */
  createdOn: z.number(),
  expiresOn: z.number().optional(),
  /** Exact to the minute. */
  lastUsedOn: z.number().optional(),
  /** A revoked key stays, so that the first key cannot come back from the settings. */
  revokedOn: z.number().optional(),
})
export type StoredKey = z.output<typeof StoredKey>

export const KEY_PATTERN = /^swk_[\w-]{43}$/

export const newKey = (): string => `swk_${randomBytes(32).toString('base64url')}`

export const keyHash = (key: string): string => createHash('sha256').update(key).digest('hex')

/** The public id of a key, which tells nothing about it. */
export const keyId = (hash: string): string => hash.slice(0, 16)

export const isKey = (stored: StoredKey, hash: string): boolean =>
  timingSafeEqual(Buffer.from(stored.hash, 'hex'), Buffer.from(hash, 'hex'))

export const holds = (stored: StoredKey, epochSeconds: number): boolean =>
  stored.revokedOn === undefined && (stored.expiresOn === undefined || epochSeconds < stored.expiresOn)
