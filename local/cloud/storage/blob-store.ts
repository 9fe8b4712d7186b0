import { createHash } from 'node:crypto'
import type { Azure } from '../azure.ts'
import type { JsonObject } from '../resource.ts'

/** A block blob. Contents lie in the journal, hence the limit on their size. */
export type Blob = {
  /** base64 */
  content: string
  contentType: string
  metadata: Record<string, string>
  /** base64 of the content's MD5. */
  md5: string
  /** With its quotes, as in the header. */
  etag: string
  createdAt: number
  changedAt: number
}

/** Bytes of the largest blob that is taken. */
export const LARGEST_BLOB = 4 * 1024 * 1024

const blobsOf = (azure: Azure) => azure.records('storage/blobs')

/** Account and container names have no slash, so that keys are unambiguous whatever the blob is called. */
const keyOf = (account: string, container: string, blob: string) => `${account}/${container}/${blob}`

export function getBlob(azure: Azure, account: string, container: string, blob: string): Blob | undefined {
  return blobsOf(azure).get(keyOf(account, container, blob)) as Blob | undefined
}

export function putBlob(
  azure: Azure,
  [account, container, blob]: readonly [string, string, string],
  sent: { content: Uint8Array; contentType: string; metadata: Record<string, string> },
): Blob {
  const { content, contentType, metadata } = sent
  const now = azure.clock.now()
  const stored: Blob = {
    content: Buffer.from(content).toString('base64'),
    contentType,
    metadata,
    md5: createHash('md5').update(content).digest('base64'),
    etag: toEtag(azure.uuid()),
    createdAt: getBlob(azure, account, container, blob)?.createdAt ?? now,
    changedAt: now,
  }
  blobsOf(azure).put(keyOf(account, container, blob), stored satisfies JsonObject)
  return stored
}

export function deleteBlob(azure: Azure, account: string, container: string, blob: string): void {
  blobsOf(azure).delete(keyOf(account, container, blob))
}

/** By name, in Azure's order. */
export function listBlobs(azure: Azure, account: string, container: string, prefix: string): { name: string; blob: Blob }[] {
  const start = keyOf(account, container, '')
  return blobsOf(azure)
    .list(start + prefix)
    .map(({ key, value }) => ({ name: key.slice(start.length), blob: value as Blob }))
}

export function deleteBlobsOfContainer(azure: Azure, account: string, container: string): void {
  for (const { key } of blobsOf(azure).list(keyOf(account, container, ''))) blobsOf(azure).delete(key)
}

export function deleteBlobsOfAccount(azure: Azure, account: string): void {
  for (const { key } of blobsOf(azure).list(`${account}/`)) blobsOf(azure).delete(key)
}

/** `"0x8D589847D51C7DE"`, as Storage writes ETags. */
export function toEtag(unique: string): string {
  return `"0x${unique.replaceAll('-', '').slice(0, 15).toUpperCase()}"`
}
