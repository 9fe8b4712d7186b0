import { generateKeyPairSync } from 'node:crypto'

/** Lines as ssh-keygen writes them [RFC 4253, 6.6; RFC 8709, 4]. */

const decoded = (text = ''): Buffer => Buffer.from(text, 'base64url')

function lineOf(type: string, ...parts: readonly Buffer[]): string {
  const fields = [Buffer.from(type), ...parts].flatMap((part) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(part.length)
    return [length, part]
  })
  return `${type} ${Buffer.concat(fields).toString('base64')} me@here`
}

export function rsaLine(bits: number): string {
  const { n, e } = generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' })
  // A leading zero keeps the modulus positive.
  return lineOf('ssh-rsa', decoded(e), Buffer.concat([Buffer.of(0), decoded(n)]))
}

export function ed25519Line(): string {
  const { x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
  return lineOf('ssh-ed25519', decoded(x))
}
