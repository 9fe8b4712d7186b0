import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { Agent, request as httpRequest } from 'node:http'
import { type FakeClock, fakeClock } from '../../../../local/clock.ts'
import { contentDirectory } from '../../../../local/cloud/container-registry/open-registries.ts'
import type { CloudOptions } from '../../../../local/cloud/start-cloud.ts'
import { TEST_SPEED, type TestCloud, testCloud, until } from '../sdk.ts'

export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json'
export const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json'

export interface Answer {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  bytes: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: the JSON of an answer, looked at by tests alone
  body: any
}

export interface Sent {
  body?: string | Uint8Array | object
  headers?: Record<string, string>
  /** Value of the Authorization header; null for none. Default: the admin's. */
  as?: string | null
}

/** One registry of a simulated Azure, spoken to in plain HTTP. */
export interface RegistryWorld {
  readonly cloud: TestCloud
  readonly name: string
  /** ARM id of the registry. */
  readonly id: string
  readonly admin: string
  send(method: string, path: string, sent?: Sent): Promise<Answer>
  /** Pushes an image of one layer, or (with `body`) any manifest; gives its digest. */
  push(
    repository: string,
    reference?: string,
    manifest?: { mediaType?: string; body?: object; layer?: string; subject?: string },
  ): Promise<string>
  pushBlob(repository: string, content: string | Uint8Array): Promise<{ digest: string; size: number }>
  arm(method: string, path: string, body?: unknown): Promise<{ status: number; body: Answer['body'] }>
  stop(): Promise<void>
}

/** One simulated day, in milliseconds of the clock. */
export const DAY = (24 * 3600 * 1000) / TEST_SPEED

export const sha256 = (content: string | Uint8Array) => `sha256:${createHash('sha256').update(content).digest('hex')}`

export const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

const API = 'api-version=2023-07-01'

export async function registryWorld(
  options: { sku?: string; properties?: object; cloud?: Partial<CloudOptions> } = {},
): Promise<RegistryWorld> {
  const cloud = await testCloud(options.cloud)
  const name = 'testregistry'
  const id = `/subscriptions/${cloud.landingZone.subscriptionId}/resourceGroups/slipway/providers/Microsoft.ContainerRegistry/registries/${name}`
  const arm: RegistryWorld['arm'] = (method, path, body) => cloud.send(method, `${id}${path}${path.includes('?') ? '&' : '?'}${API}`, body)
  const made = await arm('PUT', '', {
    location: 'northeurope',
    sku: { name: options.sku ?? 'Standard' },
    properties: { adminUserEnabled: true, ...options.properties },
  })
  if (made.status !== 201) throw new Error(`The registry was not made: ${JSON.stringify(made.body)}`)
  await until(async () => (await arm('GET', '')).body.properties.provisioningState === 'Succeeded')
  const credentials = await arm('POST', '/listCredentials')
  const admin = basic(credentials.body.username, credentials.body.passwords[0].value)
  return { ...registryClient(cloud.url, name, admin), cloud, name, id, admin, arm, stop }

  async function stop() {
    const directory = contentDirectory(cloud.azure)
    await cloud.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The same with a clock that stands still; `advance` it by milliseconds of its own. */
export async function standingRegistryWorld(
  options: Omit<NonNullable<Parameters<typeof registryWorld>[0]>, 'cloud'>,
): Promise<{ world: RegistryWorld; clock: FakeClock }> {
  const clock = fakeClock()
  let made = false
  const making = registryWorld({ ...options, cloud: { clock } }).finally(() => {
    made = true
  })
  // What takes time to make needs the clock to move.
  await until(() => {
    clock.advance(1)
    return made
  })
  return { world: await making, clock }
}

export type RegistryClient = Pick<RegistryWorld, 'send' | 'push' | 'pushBlob'>

export function registryClient(url: string, name: string, admin: string): RegistryClient {
  const agent = new Agent({ keepAlive: true })
  const { hostname, port } = new URL(url)

  const send: RegistryWorld['send'] = (method, path, { body, headers = {}, as = admin } = {}) =>
    new Promise((resolve, reject) => {
      const content = body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
      const length = content === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(content)) }
      const authorization = as === null ? {} : { Authorization: as }
      const options = {
        hostname,
        port,
        agent,
        method,
        path,
        headers: { Host: `${name}.azurecr.io`, ...authorization, ...length, ...headers },
      }
      const sent = httpRequest(options, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const bytes = Buffer.concat(chunks)
          const json = /json/.test(String(response.headers['content-type'])) && bytes.length > 0
          const parsed = json ? JSON.parse(bytes.toString('utf8')) : undefined
          resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, body: parsed })
        })
      })
      sent.on('error', reject)
      sent.end(content)
    })

  const pushBlob: RegistryWorld['pushBlob'] = async (repository, content) => {
    const digest = sha256(content)
    const pushed = await send('POST', `/v2/${repository}/blobs/uploads/?digest=${digest}`, { body: content })
    if (pushed.status !== 201) throw new Error(`The blob was refused: ${JSON.stringify(pushed.body)}`)
    return { digest, size: Buffer.byteLength(content) }
  }

  return {
    send,
    pushBlob,
    async push(repository, reference, { mediaType = OCI_MANIFEST, body, layer = `layer of ${reference}`, subject } = {}) {
      const config = JSON.stringify({ architecture: 'arm64', os: 'linux' })
      const image = async () => ({
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...(await pushBlob(repository, config)) },
        layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...(await pushBlob(repository, layer)) }],
        ...(subject !== undefined && { subject: { mediaType: OCI_MANIFEST, digest: subject, size: 1 } }),
      })
      const content = JSON.stringify({ schemaVersion: 2, mediaType, ...(body ?? (await image())) })
      const digest = sha256(content)
      const pushed = await send('PUT', `/v2/${repository}/manifests/${reference ?? digest}`, {
        body: content,
        headers: { 'Content-Type': mediaType },
      })
      if (pushed.status !== 201) throw new Error(`The manifest was refused: ${JSON.stringify(pushed.body)}`)
      return digest
    },
  }
}
