import { createHash } from 'node:crypto'
import { RegistryError } from './registry-error.ts'

const DIGEST = /^sha256:[a-f0-9]{64}$/

export function digestOf(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

export function isDigest(text: string): boolean {
  return DIGEST.test(text)
}

/** `digest` as it is; 400 `DIGEST_INVALID` when it cannot be one. It becomes a file's name, so nothing else may pass. */
export function requireDigest(digest: string): string {
  if (isDigest(digest)) return digest
  throw new RegistryError(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content', { digest: digest.slice(0, 200) })
}
