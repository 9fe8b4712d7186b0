import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { access, constants, mkdir, open, readFile, rename } from 'node:fs/promises'
import path from 'node:path'
import type { Secrets } from './secrets.ts'

const ALGORITHM = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Secrets in one encrypted file on a machine of one's own, with the key (mode 600) beside it in `<file>.key`.
 * It guards against a file that is shown or backed up alone, not against who can read both. One process writes.
 */
export function createSecretFile(file: string): Secrets {
  // One after the other: each change reads the file, changes one name and replaces the whole.
  let turn: Promise<unknown> = Promise.resolve()
  const change = (edit: (secrets: Map<string, string>) => void): Promise<void> => {
    const mine = turn.then(async () => {
      const key = (await readIfThere(keyFile(file))) ?? (await makeKey(file))
      const secrets = await readSecrets(file, key)
      edit(secrets)
      await replaceFile(file, encrypt(key, JSON.stringify([...secrets])))
    })
    turn = mine.catch(() => {})
    return mine
  }
  return {
    put: (name, value) => change((secrets) => secrets.set(name, value)),
    remove: (name) => change((secrets) => secrets.delete(name)),
    async get(name) {
      await turn
      const key = await readIfThere(keyFile(file))
      return key && (await readSecrets(file, key)).get(name)
    },
  }
}

/** Whether secrets can be put there; makes nothing. */
export async function isWritable(file: string): Promise<boolean> {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    try {
      // The slash makes it fail on what is no folder.
      await access(path.join(folder, path.sep), constants.W_OK | constants.X_OK)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || folder === path.dirname(folder)) return false
    }
  }
}

async function readSecrets(file: string, key: Buffer): Promise<Map<string, string>> {
  const sealed = await readIfThere(file)
  return new Map(sealed ? (JSON.parse(decrypt(key, sealed)) as [string, string][]) : [])
}

const keyFile = (file: string): string => `${file}.key`

async function makeKey(file: string): Promise<Buffer> {
  // A new key beside secrets of an old one would bury them.
  if (await readIfThere(file)) throw new Error(`${keyFile(file)} is missing: without it ${file} cannot be read`)
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const key = randomBytes(KEY_BYTES)
  await replaceFile(keyFile(file), key)
  return key
}

function encrypt(key: Buffer, text: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, nonce)
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: Buffer, sealed: Buffer): string {
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString()
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** A crash leaves the old file or the new one, on disk, readable by the owner alone. */
async function replaceFile(file: string, content: Buffer): Promise<void> {
  const draft = `${file}.new`
  const handle = await open(draft, 'w', 0o600)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, file)
}
