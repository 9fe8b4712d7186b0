import { randomUUID } from 'node:crypto'
import { type BlobClient, BlobServiceClient, RestError } from '@azure/storage-blob'
import { type Clock, realClock } from '../clock.ts'
import { isDead, isThisProcess, type ProcessIdentity, thisProcess } from './process-identity.ts'

/** Seconds; the shortest that Blob storage allows [learn: lease-blob]. It bounds how long another machine waits for a dead owner. */
const LEASE_SECONDS = 15
const RENEW_EVERY = 5_000
const TRY_AGAIN_AFTER = 500
const CONTAINER = 'azure-webjobs-hosts'

export interface LeaseOptions {
  /** Connection string. */
  readonly storage: string
  /** Blob below the container azure-webjobs-hosts, e.g. `locks/{hostId}/host`. */
  readonly name: string
  /** Called once if another owner has to be waited for. */
  readonly waiting?: () => void
  /** Gives up waiting; `holdLease` then rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** The storage account's time, which is real even where the host's clock is not. */
  readonly clock?: Clock
}

export interface Lease {
  /** Resolves when the lease was lost to another owner or could not be renewed in time; never after `release` or `abandon`. */
  readonly lost: Promise<void>
  /** Gives it back, for the next owner to have at once. */
  release(): Promise<void>
  /** As if this process had been killed: no more renewals, nothing given back. */
  abandon(): void
}

/** Lease ids that live hosts of this process hold: several hosts share one process in tests, and its number says nothing about them. */
const heldHere = new Set<string>()

/**
 * Waits until this host is the owner of `name`, then keeps renewing.
 * The owner is written beside the lease, so that a starter on the same machine need not wait for a killed owner's lease to run out.
 */
export async function holdLease({ storage, name, waiting, signal, clock = realClock }: LeaseOptions): Promise<Lease> {
  const id = randomUUID()
  const blob = await leaseBlob(storage, name)
  for (let told = false; !(await acquire(blob, id)); told = true) {
    if (await breakIfOwnerIsDead(blob)) continue
    if (!told) waiting?.()
    await pause(clock, signal)
  }
  heldHere.add(id)
  return keep(blob, id, clock)
}

async function leaseBlob(storage: string, name: string) {
  const container = BlobServiceClient.fromConnectionString(storage).getContainerClient(CONTAINER)
  await container.createIfNotExists()
  const blob = container.getBlockBlobClient(name)
  await blob.upload('', 0, { conditions: { ifNoneMatch: '*' } }).catch(unless(409, 412))
  return blob
}

/** Owned only once the owner is written: until then a starter may still judge by the previous owner, and break. */
async function acquire(blob: BlobClient, id: string): Promise<boolean> {
  try {
    await blob.getBlobLeaseClient(id).acquireLease(LEASE_SECONDS)
    const owner: Owner = { ...thisProcess(), lease: id }
    await blob.setMetadata({ owner: JSON.stringify(owner) }, { conditions: { leaseId: id } })
    return true
  } catch (error) {
    return unless(409, 412)(error) ?? false
  }
}

/** The break is bound to the record that was read (its ETag): an owner who arrives in between is left alone. */
async function breakIfOwnerIsDead(blob: BlobClient): Promise<boolean> {
  const { metadata, etag } = await blob.getProperties()
  if (metadata?.owner === undefined || etag === undefined || !isGone(JSON.parse(metadata.owner))) return false
  await blob
    .getBlobLeaseClient()
    .breakLease(0, { conditions: { ifMatch: etag } })
    .catch(unless(409, 412))
  return true
}

interface Owner extends ProcessIdentity {
  readonly lease: string
}

const isGone = (owner: Owner) => isDead(owner) || (isThisProcess(owner) && !heldHere.has(owner.lease))

function keep(blob: BlobClient, id: string, clock: Clock): Lease {
  const client = blob.getBlobLeaseClient(id)
  let ended = false
  let cancel = () => {}
  let renewed = clock.now()
  const end = () => {
    ended = true
    heldHere.delete(id)
    cancel()
  }
  const { promise: lost, resolve: lose } = Promise.withResolvers<void>()
  const renew = async () => {
    const asked = clock.now()
    try {
      await client.renewLease()
      renewed = asked
    } catch (error) {
      const taken = error instanceof RestError && (error.statusCode === 409 || error.statusCode === 412)
      if (!ended && (taken || clock.now() - renewed >= LEASE_SECONDS * 1000)) {
        end()
        lose()
      }
    }
    if (!ended) cancel = clock.after(RENEW_EVERY, renew)
  }
  cancel = clock.after(RENEW_EVERY, renew)
  return {
    lost,
    async release() {
      end()
      await client.releaseLease().catch(unless(409, 412))
    },
    abandon: end,
  }
}

async function pause(clock: Clock, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const stop = () => reject(signal?.reason)
  signal?.throwIfAborted()
  signal?.addEventListener('abort', stop, { once: true })
  const cancel = clock.after(TRY_AGAIN_AFTER, resolve)
  try {
    await promise
  } finally {
    cancel()
    signal?.removeEventListener('abort', stop)
  }
}

/** Swallows the storage answers named, rethrows everything else. */
const unless =
  (...statusCodes: number[]) =>
  (error: unknown): undefined => {
    if (error instanceof RestError && error.statusCode !== undefined && statusCodes.includes(error.statusCode)) return undefined
    throw error
  }
