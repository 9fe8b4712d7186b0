import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'

const run = promisify(execFile)

/** Makes sure of Debian's `skopeo`; fails with what to do where it is missing and cannot be installed. */
export function requireSkopeo(): void {
  if (answers('skopeo', '--version')) return
  const isRoot = process.getuid?.() === 0
  if (!isRoot || !answers('apt-get', '--version'))
    throw new Error('This test copies images with skopeo, which is not installed: sudo apt-get install skopeo')
  try {
    execFileSync('apt-get', ['update'], { stdio: 'pipe' })
    execFileSync('apt-get', ['install', '--yes', '--no-install-recommends', 'skopeo'], { stdio: 'pipe' })
  } catch (error) {
    throw new Error('This test copies images with skopeo, and apt-get could not install it.', { cause: error })
  }
}

function answers(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}

export interface Skopeo {
  copy(from: string, to: string): Promise<void>
  /** The raw manifest. */
  inspect(image: string): Promise<string>
}

/** Reaches registries by their own names through the simulator's proxy, trusting its authority alone. */
export function skopeoWith(options: { proxy: string; caPath: string; user: string; password: string; home: string }): Skopeo {
  const env = {
    PATH: process.env.PATH,
    HOME: options.home,
    XDG_RUNTIME_DIR: options.home,
    HTTPS_PROXY: options.proxy,
    SSL_CERT_FILE: options.caPath,
  }
  const credentials = `${options.user}:${options.password}`
  const isRemote = (image: string) => image.startsWith('docker://')
  return {
    async copy(from, to) {
      const sides = [...(isRemote(from) ? ['--src-creds', credentials] : []), ...(isRemote(to) ? ['--dest-creds', credentials] : [])]
      await run('skopeo', ['--insecure-policy', 'copy', '--all', ...sides, from, to], { env })
    },
    async inspect(image) {
      return (await run('skopeo', ['--insecure-policy', 'inspect', '--raw', '--creds', credentials, image], { env })).stdout
    },
  }
}

/** Writes an OCI layout with one image of one layer, tagged `v1`; gives the image's digest. */
export function writeOciLayout(folder: string): string {
  const blobs = join(folder, 'blobs', 'sha256')
  mkdirSync(blobs, { recursive: true })
  const put = (content: Uint8Array) => {
    const hash = createHash('sha256').update(content).digest('hex')
    writeFileSync(join(blobs, hash), content)
    return { digest: `sha256:${hash}`, size: content.length }
  }
  const json = (value: object) => Buffer.from(JSON.stringify(value))
  // A tar archive with nothing in it: two empty records.
  const layer = Buffer.alloc(1024)
  const diffId = `sha256:${createHash('sha256').update(layer).digest('hex')}`
  const config = put(json({ architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [diffId] } }))
  const manifest = put(
    json({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...put(gzipSync(layer)) }],
    }),
  )
  const entry = {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    ...manifest,
    annotations: { 'org.opencontainers.image.ref.name': 'v1' },
  }
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  writeFileSync(join(folder, 'index.json'), json({ schemaVersion: 2, manifests: [entry] }))
  return manifest.digest
}
