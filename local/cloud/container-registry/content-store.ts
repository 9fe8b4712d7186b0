import { createHash } from 'node:crypto'
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/**
 * The bytes of one registry, outside of the journal. Layers and configurations are files named by their digest; manifests are small and
 * many, so they lie one after the other in a single file and are found by offset. What is written here is not there until the journal says
 * so: bytes come first, a crash between the two leaves only bytes that nobody knows.
 */
export interface ContentStore {
  /** Offset at which `content` now lies. */
  append(content: Uint8Array): number
  read(offset: number, length: number): Buffer
  blobSize(digest: string): number | undefined
  blobStream(digest: string, range?: { first: number; last: number }): Readable
  /** A whole blob at once, over an upload of this id. */
  putBlob(uploadId: string, digest: string, content: Uint8Array): void
  /** The whole blob; for small ones. */
  readBlob(digest: string): Buffer
  startUpload(id: string): void
  /** Bytes that the upload has; undefined when there is none. */
  uploadSize(id: string): number | undefined
  continueUpload(id: string, content: AsyncIterable<Uint8Array>): Promise<void>
  uploadDigest(id: string): Promise<string>
  finishUpload(id: string, digest: string): void
  cancelUpload(id: string): void
  openUploads(): number
  close(): void
  /** Everything of this registry goes. */
  remove(): void
}

export function contentStore(directory: string): ContentStore {
  const blobs = join(directory, 'blobs')
  const uploads = join(directory, 'uploads')
  for (const folder of [blobs, uploads]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const pack = openSync(join(directory, 'manifests'), 'a+', 0o600)
  let end = fstatSync(pack).size

  const blobPath = (digest: string) => join(blobs, digest.replace(':', '-'))
  const uploadPath = (id: string) => join(uploads, id)

  return {
    append(content) {
      const offset = end
      for (let written = 0; written < content.byteLength; ) written += writeSync(pack, content, written)
      end += content.byteLength
      return offset
    },
    read(offset, length) {
      const content = Buffer.alloc(length)
      readSync(pack, content, 0, length, offset)
      return content
    },
    blobSize: (digest) => sizeOf(blobPath(digest)),
    blobStream: (digest, range) => createReadStream(blobPath(digest), range && { start: range.first, end: range.last }),
    putBlob(uploadId, digest, content) {
      writeFileSync(uploadPath(uploadId), content, { mode: 0o600 })
      renameSync(uploadPath(uploadId), blobPath(digest))
    },
    readBlob: (digest) => readFileSync(blobPath(digest)),
    startUpload: (id) => closeSync(openSync(uploadPath(id), 'wx', 0o600)),
    uploadSize: (id) => sizeOf(uploadPath(id)),
    continueUpload: (id, content) => pipeline(content, createWriteStream(uploadPath(id), { flags: 'a' })),
    async uploadDigest(id) {
      const hash = createHash('sha256')
      await pipeline(createReadStream(uploadPath(id)), hash)
      return `sha256:${hash.digest('hex')}`
    },
    finishUpload: (id, digest) => renameSync(uploadPath(id), blobPath(digest)),
    cancelUpload: (id) => rmSync(uploadPath(id), { force: true }),
    openUploads: () => readdirSync(uploads).length,
    close: () => closeSync(pack),
    remove() {
      closeSync(pack)
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function sizeOf(path: string): number | undefined {
  return existsSync(path) ? statSync(path).size : undefined
}
