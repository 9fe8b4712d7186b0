import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { parseBody } from '../arm/request-body.ts'
import { defaultView } from '../arm/view.ts'
import type { Call, ResourceType, Written } from '../provider.ts'
import type { Resource } from '../resource.ts'
import { COMPUTE_VERSIONS } from './api-versions.ts'
import { invalidParameter } from './errors.ts'
import { isPublicKey } from './os-profile-rules.ts'

const keyBody = z.object({ properties: z.object({ publicKey: z.string().max(16_384).nullish() }).nullish() })

/** Bits of a generated RSA key, as Azure makes them [learn: ssh-public-keys generate-key-pair]. */
const RSA_BITS = 3072

export const sshPublicKeys: ResourceType = {
  type: 'sshPublicKeys',
  apiVersions: COMPUTE_VERSIONS,
  tracked: true,
  namePattern: /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?$/,
  write: keyed,
  patch: (call, existing) => keyed(call, existing),
  remove: () => ({}),
  actions: {
    generateKeyPair: {
      run({ azure }, resource) {
        const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: RSA_BITS })
        const line = `${openSshLine(publicKey)} generated-by-azure`
        azure.resources.put({ ...resource, properties: { publicKey: line } })
        // The private key is answered once and kept nowhere.
        return { body: { id: resource.id, publicKey: line, privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString() } }
      },
    },
  },
  view(_azure, key) {
    return { ...defaultView(key), properties: key.properties }
  },
}

function keyed(call: Call, existing: Resource | undefined): Written {
  const publicKey = parseBody(keyBody, call).properties?.publicKey
  if (publicKey && !isPublicKey(publicKey)) {
    throw invalidParameter('The value of parameter publicKey is invalid.', 'publicKey')
  }
  return { properties: { ...existing?.properties, ...(publicKey && { publicKey }) } }
}

/** `ssh-rsa AAAA…` of an RSA public key [RFC 4253, 6.6]. */
function openSshLine(key: KeyObject): string {
  const { e = '', n = '' } = key.export({ format: 'jwk' })
  const parts = [Buffer.from('ssh-rsa'), integer(e), integer(n)]
  return `ssh-rsa ${Buffer.concat(parts.flatMap((part) => [lengthOf(part), part])).toString('base64')}`
}

/** A positive multiple-precision integer: a leading zero keeps its first bit from being a sign. */
function integer(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url')
  return (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes
}

function lengthOf(part: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(part.length)
  return length
}
