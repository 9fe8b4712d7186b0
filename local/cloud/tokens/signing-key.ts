import { createPrivateKey, createPublicKey, createSign, createVerify, generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The key that signs every access token; one for each data directory. */
export interface SigningKey {
  /** As in the tokens' header and the key set. */
  readonly keyId: string
  readonly publicJwk: JsonWebKey
  sign(text: string): string
  verify(text: string, signature: string): boolean
}

/** Read from `dataDir`, made there (mode 600) on first use. */
export function signingKey(dataDir: string): SigningKey {
  const path = join(dataDir, 'token-signing-key.pem')
  if (!existsSync(path)) {
    mkdirSync(dataDir, { recursive: true })
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  }
  const privateKey = createPrivateKey(readFileSync(path))
  const publicKey = createPublicKey(privateKey)
  const publicJwk = publicKey.export({ format: 'jwk' })
  return {
    keyId: String(publicJwk.n).slice(0, 20),
    publicJwk,
    sign: (text) => createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url'),
    verify: (text, signature) => createVerify('RSA-SHA256').update(text).verify(publicKey, signature, 'base64url'),
  }
}
