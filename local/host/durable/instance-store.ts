import { randomUUID } from 'node:crypto'
import { BlobServiceClient, type BlockBlobClient, RestError } from '@azure/storage-blob'
import type { Instance, RuntimeStatus } from './instance.ts'

/** What is known of an instance without its document. */
export interface InstanceSummary {
  readonly status: RuntimeStatus
  /** Milliseconds since 1970. */
  readonly createdTime: number
  readonly etag: string
}

/** A document per instance. */
export interface InstanceStore {
  /** All instances by id, none of them downloaded. */
  list(): Promise<Map<string, InstanceSummary>>
  load(instanceId: string): Promise<{ readonly instance: Instance; readonly etag: string } | undefined>
  /** Writes over the version with this ETag, or a first version; rejects if another writer came in between. Gives the new ETag. */
  save(instance: Instance, etag: string | undefined): Promise<string>
  remove(instanceId: string, etag: string): Promise<void>
}

/** Short of a lease's time in all: whoever cannot save for longer must stop. */
const RETRY = { maxTries: 4, retryDelayInMs: 100, maxRetryDelayInMs: 2_000 }

/** The store in the container `{hub}-instances`; status and creation time lie in the metadata, so that a list tells them. */
export function instanceStore(storage: string, hub: string): InstanceStore {
  const container = BlobServiceClient.fromConnectionString(storage, { retryOptions: RETRY }).getContainerClient(
    `${hub.toLowerCase()}-instances`,
  )
  const blobOf = (instanceId: string) => container.getBlockBlobClient(blobName(instanceId))
  return {
    async list() {
      await container.createIfNotExists()
      const summaries = new Map<string, InstanceSummary>()
      for await (const { name, metadata, properties } of container.listBlobsFlat({ includeMetadata: true })) {
        const { status, created } = metadata ?? {}
        // The list gives the ETag without the quotes that conditions need.
        if (status)
          summaries.set(instanceIdOf(name), {
            status: status as RuntimeStatus,
            createdTime: Number(created),
            etag: `"${properties.etag.replaceAll('"', '')}"`,
          })
      }
      return summaries
    },
    async load(instanceId) {
      try {
        const { etag, readableStreamBody } = await blobOf(instanceId).download()
        if (etag === undefined || !readableStreamBody) throw new Error(`The document of instance ${instanceId} came without a body.`)
        const chunks: Buffer[] = []
        for await (const chunk of readableStreamBody) chunks.push(Buffer.from(chunk))
        return { instance: JSON.parse(Buffer.concat(chunks).toString()) as Instance, etag }
      } catch (error) {
        if (error instanceof RestError && error.statusCode === 404) return undefined
        throw error
      }
    },
    save: (instance, etag) => upload(blobOf(instance.instanceId), instance, etag),
    async remove(instanceId, etag) {
      await blobOf(instanceId).deleteIfExists({ conditions: { ifMatch: etag } })
    },
  }
}

async function upload(blob: BlockBlobClient, instance: Instance, etag: string | undefined): Promise<string> {
  const body = Buffer.from(JSON.stringify(instance))
  const attempt = randomUUID()
  const metadata = { status: instance.status, created: `${instance.createdTime}`, attempt }
  const conditions = etag === undefined ? { ifNoneMatch: '*' } : { ifMatch: etag }
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
const blobName = (instanceId: string) => `${encodeURIComponent(instanceId)}.json`
const instanceIdOf = (name: string) => decodeURIComponent(name.slice(0, -'.json'.length))
