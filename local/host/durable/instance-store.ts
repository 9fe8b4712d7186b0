import { randomUUID } from 'node:crypto'
import {
  type BlobDownloadResponseParsed,
  BlobServiceClient,
  type BlockBlobClient,
  type ContainerClient,
  RestError,
} from '@azure/storage-blob'
import type { Instance, RuntimeStatus } from './instance.ts'

/** An instance with the ETag of its document. */
export interface StoredInstance {
  readonly instance: Instance
  readonly etag: string
}

/** What is known of an ended instance without its document. */
export interface InstanceSummary {
  readonly status: RuntimeStatus
  /** Milliseconds since 1970. */
  readonly createdTime: number
}

/** A document per instance; those that have ended lie apart, so that a start reads the others alone, however many they are. */
export interface InstanceStore {
  /** Everything that has not been archived. */
  loadAll(): Promise<StoredInstance[]>
  /** Writes over the version with this ETag, or a first version; rejects if another writer came in between. Gives the new ETag. */
  save(instance: Instance, etag: string | undefined): Promise<string>
  /** Puts an instance that has ended in the place of an earlier one with its id. Can be repeated. */
  archive(ended: StoredInstance): Promise<void>
  loadArchived(instanceId: string): Promise<Instance | undefined>
  /** By id, none of them downloaded. */
  listArchived(): Promise<Map<string, InstanceSummary>>
  /** False if there was none. */
  removeArchived(instanceId: string): Promise<boolean>
}

/** Short of a lease's time in all: whoever cannot save for longer must stop. */
const RETRY = { maxTries: 4, retryDelayInMs: 100, maxRetryDelayInMs: 2_000 }
const READ_AT_ONCE = 64
const LIVE = 'live/'
const ENDED = 'ended/'

/** The store in the container `{hub}-instances`. */
export function instanceStore(storage: string, hub: string): InstanceStore {
  const service = BlobServiceClient.fromConnectionString(storage, { retryOptions: RETRY })
  const container = service.getContainerClient(`${hub.toLowerCase()}-instances`)
  const live = (instanceId: string) => container.getBlockBlobClient(blobName(LIVE, instanceId))
  const ended = (instanceId: string) => container.getBlockBlobClient(blobName(ENDED, instanceId))
  return {
    async loadAll() {
      await container.createIfNotExists()
      const found: (StoredInstance | undefined)[] = []
      for await (const { segment } of container.listBlobsFlat({ prefix: LIVE }).byPage({ maxPageSize: READ_AT_ONCE })) {
        found.push(...(await Promise.all(segment.blobItems.map(({ name }) => download(container, name)))))
      }
      return found.filter((stored) => stored !== undefined)
    },
    save(instance, etag) {
      return upload(live(instance.instanceId), instance, etag === undefined ? { ifNoneMatch: '*' } : { ifMatch: etag })
    },
    async archive({ instance, etag }) {
      await upload(ended(instance.instanceId), instance, {})
      await live(instance.instanceId).deleteIfExists({ conditions: { ifMatch: etag } })
    },
    loadArchived: async (instanceId) => (await download(container, blobName(ENDED, instanceId)))?.instance,
    async listArchived() {
      const summaries = new Map<string, InstanceSummary>()
      for await (const { name, metadata } of container.listBlobsFlat({ prefix: ENDED, includeMetadata: true })) {
        const { status, created } = metadata ?? {}
        if (status) summaries.set(instanceIdOf(ENDED, name), { status: status as RuntimeStatus, createdTime: Number(created) })
      }
      return summaries
    },
    removeArchived: async (instanceId) => (await ended(instanceId).deleteIfExists()).succeeded,
  }
}

async function download(container: ContainerClient, name: string): Promise<StoredInstance | undefined> {
  let response: BlobDownloadResponseParsed
  try {
    response = await container.getBlobClient(name).download()
  } catch (error) {
    if (error instanceof RestError && error.statusCode === 404) return undefined
    throw error
  }
  const chunks: Buffer[] = []
  for await (const chunk of response.readableStreamBody ?? []) chunks.push(Buffer.from(chunk))
  return { instance: JSON.parse(Buffer.concat(chunks).toString()) as Instance, etag: tagOf(response) }
}

async function upload(blob: BlockBlobClient, instance: Instance, conditions: { ifMatch?: string; ifNoneMatch?: string }): Promise<string> {
  const body = Buffer.from(JSON.stringify(instance))
  const attempt = randomUUID()
  const metadata = { status: instance.status, created: `${instance.createdTime}`, attempt }
  try {
    return tagOf(await blob.upload(body, body.length, { metadata, conditions, blobHTTPHeaders: { blobContentType: 'application/json' } }))
  } catch (error) {
    // A request whose answer was lost is sent again by the SDK and then finds its own version.
    if (!(error instanceof RestError) || (error.statusCode !== 409 && error.statusCode !== 412)) throw error
    const found = await blob.getProperties()
    if (found.metadata?.attempt !== attempt) throw error
    return tagOf(found)
  }
}

function tagOf({ etag }: { readonly etag?: string }): string {
  if (etag === undefined) throw new Error('Storage answered without an ETag.')
  return etag
}

/** Whatever an instance id holds: no slash, and never only dots, which URLs would swallow. */
const blobName = (prefix: string, instanceId: string) => `${prefix}${encodeURIComponent(instanceId)}.json`
const instanceIdOf = (prefix: string, name: string) => decodeURIComponent(name.slice(prefix.length, -'.json'.length))
