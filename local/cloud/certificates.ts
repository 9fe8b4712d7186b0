import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as der from './der.ts'

export interface Certificates {
  readonly certificate: string
  readonly key: string
  /** File with the authority that clients must trust. */
  readonly caPath: string
}

const DAY = 24 * 3600 * 1000
/** Some clients refuse server certificates that are valid for longer than this. */
const VALID_FOR = 820 * DAY
const RENEW_BEFORE = 30 * DAY

const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2'

/** The authority and the server's certificate of a data directory, made when missing or about to expire; the key has mode 600. */
export function certificatesIn(dataDir: string, names: readonly string[], now: number): Certificates {
  const paths = {
    ca: join(dataDir, 'ca.pem'),
    certificate: join(dataDir, 'tls.pem'),
    key: join(dataDir, 'tls-key.pem'),
    about: join(dataDir, 'tls.json'),
  }
  const about = JSON.stringify({ names })
  const known = existsSync(paths.about) ? (JSON.parse(readFileSync(paths.about, 'utf8')) as { about: string; until: number }) : undefined
  if (known?.about !== about || known.until < now) {
    mkdirSync(dataDir, { recursive: true })
    const made = makeCertificates(names, now)
    writeFileSync(paths.ca, made.ca)
    writeFileSync(paths.key, made.key, { mode: 0o600 })
    writeFileSync(paths.certificate, made.certificate)
    // Last: it says that the others are there.
    writeFileSync(paths.about, JSON.stringify({ about, until: now + VALID_FOR - RENEW_BEFORE }))
  }
  return { certificate: readFileSync(paths.certificate, 'utf8'), key: readFileSync(paths.key, 'utf8'), caPath: paths.ca }
}

/** The authority's key is thrown away at once: nobody can make more certificates that a trusting client would accept. */
function makeCertificates(names: readonly string[], now: number): { ca: string; certificate: string; key: string } {
  const ca = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = { name: 'Slipway simulated Azure CA', publicKey: ca.publicKey, privateKey: ca.privateKey }
  return {
    ca: certificate(issuer, issuer.name, ca.publicKey, now, [
      extension('2.5.29.19', true, der.sequence(der.boolean(true), der.integer(Buffer.from([0])))),
      // keyCertSign and cRLSign
      extension('2.5.29.15', true, der.bitString(Buffer.from([0x06]), 1)),
    ]),
    certificate: certificate(issuer, 'Slipway simulated Azure', server.publicKey, now, [
      extension('2.5.29.19', true, der.sequence()),
      // digitalSignature
      extension('2.5.29.15', true, der.bitString(Buffer.from([0x80]), 7)),
      // serverAuth
      extension('2.5.29.37', false, der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.17', false, der.sequence(...names.map(alternativeName))),
    ]),
    key: String(server.privateKey.export({ type: 'pkcs8', format: 'pem' })),
  }
}

/** PEM of an X.509 v3 certificate (RFC 5280) with key identifiers, which strict verifiers ask for. */
function certificate(
  issuer: { name: string; publicKey: KeyObject; privateKey: KeyObject },
  subject: string,
  publicKey: KeyObject,
  now: number,
  extensions: readonly Buffer[],
): string {
  const algorithm = der.sequence(der.objectIdentifier(ECDSA_WITH_SHA256))
  const serial = randomBytes(16)
  // Positive and without leading zeros.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  const toBeSigned = der.sequence(
    der.tagged(0, der.integer(Buffer.from([2]))),
    der.integer(serial),
    algorithm,
    commonName(issuer.name),
    der.sequence(der.utcTime(now - DAY), der.utcTime(now + VALID_FOR)),
    commonName(subject),
    subjectPublicKeyInfo(publicKey),
    der.tagged(
      3,
      der.sequence(
        ...extensions,
        extension('2.5.29.14', false, der.octetString(keyIdentifier(publicKey))),
        extension('2.5.29.35', false, der.sequence(der.taggedPrimitive(0, keyIdentifier(issuer.publicKey)))),
      ),
    ),
  )
  const signature = createSign('SHA256').update(toBeSigned).sign(issuer.privateKey)
  const base64 = der.sequence(toBeSigned, algorithm, der.bitString(signature)).toString('base64')
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return der.sequence(der.objectIdentifier(id), ...(critical ? [der.boolean(true)] : []), der.octetString(value))
}

function commonName(text: string): Buffer {
  return der.sequence(der.set(der.sequence(der.objectIdentifier('2.5.4.3'), der.utf8String(text))))
}

function alternativeName(name: string): Buffer {
  const isAddress = /^[\d.]+$/.test(name)
  return isAddress ? der.taggedPrimitive(7, Buffer.from(name.split('.').map(Number))) : der.taggedPrimitive(2, Buffer.from(name))
}

function subjectPublicKeyInfo(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' })
}

function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha1').update(subjectPublicKeyInfo(key)).digest()
}
