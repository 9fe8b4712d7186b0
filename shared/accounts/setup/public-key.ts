import { invalid } from '../../problem.ts'

/** Azure's least [learn: linux/mac-create-ssh-keys]; a key of more than the most is a mistake. */
const RSA_BITS = { least: 2048, most: 16_384 }
const ED25519_BYTES = 32

export type KeyType = 'ssh-rsa' | 'ssh-ed25519'

/** Reads an OpenSSH public key: `ssh-ed25519 AAAA… comment`. ProblemError `invalid` says what is wrong and repeats nothing of it. */
export function parsePublicKey(text: string): { readonly type: KeyType; readonly bits: number; readonly line: string } {
  const line = text.trim()
  if (/PRIVATE KEY/.test(line)) return wrong('that is a private key: give the .pub file beside it, and treat this one as known to others')
  if (/[\r\n]/.test(line)) return wrong('must be one line, as ssh-keygen writes it into the .pub file')
  const [type, encoded = ''] = line.split(/\s+/)
  if (type !== 'ssh-rsa' && type !== 'ssh-ed25519') return wrong('must begin with ssh-rsa or ssh-ed25519: Azure takes no other type')
  const [name, ...parts] = /^[A-Za-z0-9+/]+={0,2}$/.test(encoded) ? fieldsOf(Buffer.from(encoded, 'base64')) : []
  if (name?.toString() !== type) return wrong(`is damaged: what follows ${type} is no key of that type`)
  if (type === 'ssh-ed25519') {
    const [key] = parts
    if (parts.length !== 1 || key?.length !== ED25519_BYTES) return wrong('is damaged: an ssh-ed25519 key has 256 bits')
    return { type, bits: 256, line }
  }
  const [, modulus] = parts
  if (parts.length !== 2 || !modulus) return wrong('is damaged: an ssh-rsa key is an exponent and a modulus')
  const bits = bitsOf(modulus)
  if (bits < RSA_BITS.least || bits > RSA_BITS.most)
    return wrong(`has ${bits} bits: an ssh-rsa key must have ${RSA_BITS.least} to ${RSA_BITS.most}`)
  return { type, bits, line }
}

const wrong = (message: string): never => invalid('publicKey', message)

/** Length-prefixed fields [RFC 4251, 5]; empty where the lengths do not add up. */
function fieldsOf(blob: Buffer): readonly Buffer[] {
  const fields: Buffer[] = []
  for (let at = 0; at < blob.length; ) {
    const end = at + 4 <= blob.length ? at + 4 + blob.readUInt32BE(at) : Number.POSITIVE_INFINITY
    if (end > blob.length) return []
    fields.push(blob.subarray(at + 4, end))
    at = end
  }
  return fields
}

function bitsOf(integer: Buffer): number {
  const first = integer.findIndex((byte) => byte !== 0)
  return first < 0 ? 0 : (integer.length - first) * 8 - (Math.clz32(integer[first] ?? 0) - 24)
}
