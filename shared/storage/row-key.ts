import { createHash } from 'node:crypto'

/** Longest key that is kept readable, in characters; the service's limit is 512. */
const READABLE = 200

/** A row key for any text: what storage forbids is written `=hex`, and text that grows too long becomes its SHA-256. Same text, same key. */
export function rowKey(text: string): string {
  const key = text.replace(/[^\w.:@ -]/g, (character) => `=${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return key.length > 0 && key.length <= READABLE ? key : `=sha256-${createHash('sha256').update(text).digest('hex')}`
}
