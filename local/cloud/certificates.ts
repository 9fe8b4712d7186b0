// @peculiar/x509 finds its algorithms through the metadata that this brings; it must come first.
import 'reflect-metadata'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'

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

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** The authority and the server's certificate of a data directory, made when missing or about to expire; the key has mode 600. */
export async function certificatesIn(dataDir: string, names: readonly string[], now: number): Promise<Certificates> {
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
    const made = await makeCertificates(names, now)
    writeFileSync(paths.ca, made.ca)
    writeFileSync(paths.key, made.key, { mode: 0o600 })
    writeFileSync(paths.certificate, made.certificate)
    // Last: it says that the others are there.
    writeFileSync(paths.about, JSON.stringify({ about, until: now + VALID_FOR - RENEW_BEFORE }))
  }
  return { certificate: readFileSync(paths.certificate, 'utf8'), key: readFileSync(paths.key, 'utf8'), caPath: paths.ca }
}

/** The authority's key is thrown away at once: nobody can make more certificates that a trusting client would accept. */
async function makeCertificates(names: readonly string[], now: number): Promise<{ ca: string; certificate: string; key: string }> {
  const ca = await newKeys()
  const server = await newKeys()
  const validity = { notBefore: new Date(now - DAY), notAfter: new Date(now + VALID_FOR) }
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: 'CN=Slipway simulated Azure CA',
    keys: ca,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ...(await keyIdentifiers(ca, ca)),
    ],
  })
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity,
    subject: 'CN=Slipway simulated Azure',
    issuer: authority.subject,
    publicKey: server.publicKey,
    signingKey: ca.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: /^[\d.]+$/.test(value) ? 'ip' : 'dns', value }))),
      ...(await keyIdentifiers(server, ca)),
    ],
  })
  const key = await crypto.subtle.exportKey('pkcs8', server.privateKey)
  return { ca: authority.toString('pem'), certificate: certificate.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY') }
}

type Keys = Awaited<ReturnType<typeof newKeys>>

const newKeys = () => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])

/** Strict verifiers (Python's since 3.13) ask for both. */
async function keyIdentifiers(own: Keys, issuer: Keys): Promise<x509.Extension[]> {
  return [
    await x509.SubjectKeyIdentifierExtension.create(own.publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
  ]
}
