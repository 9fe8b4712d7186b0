import * as z from 'zod'
import type { RepositoryState } from '../registries/data-plane/data-plane.ts'
import type { Services } from '../services.ts'
import { rowKey } from '../storage/row-key.ts'
import type { Table, Tables } from '../storage/table.ts'
import type { Body, Manifest } from './manifest.ts'
import { readPieces, removePieces, writePieces } from './pieces.ts'
import { empty } from './purge-runs.ts'

/** What is known of one manifest from earlier runs. */
export interface Known {
  /** Epoch seconds when it was first seen untagged; absent while it is tagged. */
  readonly since?: number
  /** What it refers to; content under a digest never changes. */
  readonly body?: Body
}

/** What earlier runs learned about one repository. */
export interface Memory {
  readonly head: Head
  readonly manifests: ReadonlyMap<string, Known>
}

const headSchema = z.strictObject({
  state: z.strictObject({ manifestCount: z.number(), tagCount: z.number(), lastUpdateTime: z.string(), locked: z.boolean() }),
  /** Epoch seconds of the latest complete listing, and of the first one: what was untagged by then is the backlog. */
  scannedOn: z.number(),
  firstOn: z.number(),
  /** Epoch seconds from which something is to be done although nothing changes; absent: never. */
  nextDue: z.number().exactOptional(),
  /** What the decision was made by: with other rules it may come out differently. */
  rules: z.string(),
  /** A first listing that broke off: bodies are known, and nothing else. */
  partial: z.literal(true).exactOptional(),
  /** Of the rows that hold the manifests: new ones are written beside the old ones before this row points at them. */
  generation: z.number(),
  chunks: z.number(),
})
export type Head = Readonly<z.output<typeof headSchema>>

const linksSchema = z.strictObject({
  c: z.array(z.string()).exactOptional(),
  s: z.string().exactOptional(),
  a: z.record(z.string(), z.string()).exactOptional(),
})
/** Digest, seconds since it is untagged (0: tagged), links (absent: not read). Short names: there are a hundred thousand of them. */
const entrySchema = z.tuple([z.string(), z.number()]).or(z.tuple([z.string(), z.number(), linksSchema]))
type Entry = z.output<typeof entrySchema>

interface MemoryStore {
  /** Registry id → repository. */
  readonly heads: Table<Head>
  /** Registry id → repository, generation and number. */
  readonly manifests: Table<readonly Entry[]>
}

const stores = new WeakMap<Tables, MemoryStore>()

function storeOf({ tables }: Pick<Services, 'tables'>): MemoryStore {
  const known = stores.get(tables)
  if (known) return known
  const store = {
    heads: tables.table('retentionmemory', headSchema),
    manifests: tables.table('retentionmanifests', z.array(entrySchema).readonly()),
  }
  stores.set(tables, store)
  return store
}

type World = Pick<Services, 'tables'>

const nameOf = (repository: string, generation: number) => `${repository}@${generation}`

export async function findHead(services: World, registryId: string, repository: string): Promise<Head | undefined> {
  return (await storeOf(services).heads.get(registryId, rowKey(repository)))?.value
}

export async function loadManifests(
  services: World,
  registryId: string,
  repository: string,
  head: Head,
): Promise<ReadonlyMap<string, Known>> {
  const { manifests } = storeOf(services)
  const entries = await readPieces(manifests, registryId, nameOf(repository, head.generation), head.chunks)
  return new Map(
    entries.map(([digest, since, links]) => [digest, { ...(since > 0 && { since }), ...(links && { body: fromLinks(links) }) }]),
  )
}

/** Keeps what was learned; without `manifests` those of `before` stand. */
export async function saveMemory(
  services: World,
  registryId: string,
  repository: string,
  head: Omit<Head, 'generation' | 'chunks'>,
  { before, manifests }: { readonly before: Head | undefined; readonly manifests?: ReadonlyMap<string, Known> },
): Promise<Head> {
  const { heads, manifests: table } = storeOf(services)
  const { generation = 0, chunks = 0 } = before ?? {}
  if (!manifests) {
    const next = { ...head, generation, chunks }
    await heads.upsert(registryId, rowKey(repository), next)
    return next
  }
  const entries = [...manifests].map(
    ([digest, { since = 0, body }]): Entry => (typeof body === 'object' ? [digest, since, toLinks(body)] : [digest, since]),
  )
  const next = {
    ...head,
    generation: generation + 1,
    chunks: await writePieces(table, registryId, nameOf(repository, generation + 1), entries),
  }
  await heads.upsert(registryId, rowKey(repository), next)
  if (chunks > 0) await removePieces(table, registryId, nameOf(repository, generation), chunks)
  return next
}

/** Keeps the bodies that a scan has read before it broke off: at the registry's limit a large repository takes longer than one activity. */
export async function saveBodies(
  services: World,
  registryId: string,
  repository: string,
  read: ReadonlyMap<string, Body>,
  before: { readonly head: Head; readonly manifests: ReadonlyMap<string, Known> } | undefined,
): Promise<void> {
  const manifests = new Map<string, Known>(before?.manifests)
  for (const [digest, body] of read) manifests.set(digest, { ...manifests.get(digest), body })
  const head = before?.head ?? { state: UNSEEN, scannedOn: 0, firstOn: 0, rules: '', partial: true as const }
  await saveMemory(services, registryId, repository, head, { before: before?.head, manifests })
}

const UNSEEN: RepositoryState = { manifestCount: -1, tagCount: -1, lastUpdateTime: '', locked: false }

export async function forgetRepository(services: World, registryId: string, repository: string, head: Head): Promise<void> {
  const { heads, manifests } = storeOf(services)
  await heads.remove(registryId, rowKey(repository))
  await removePieces(manifests, registryId, nameOf(repository, head.generation), head.chunks)
}

/** Everything about a registry. */
export async function forgetRegistry(services: World, registryId: string): Promise<void> {
  for (const table of Object.values(storeOf(services)) as readonly Table<unknown>[]) await empty(table, registryId)
}

const toLinks = ({ children, subject, annotations }: Exclude<Body, string>) => ({
  ...(children.length > 0 && { c: [...children] }),
  ...(subject !== undefined && { s: subject }),
  ...(annotations && { a: { ...annotations } }),
})

const fromLinks = ({ c = [], s, a }: z.output<typeof linksSchema>): Body => ({
  children: c,
  ...(s !== undefined && { subject: s }),
  ...(a && { annotations: a }),
})

/** Whether a repository looks as it did: the registry tells no more without a listing. */
export const isSameState = (a: RepositoryState, b: RepositoryState): boolean =>
  a.manifestCount === b.manifestCount && a.tagCount === b.tagCount && a.lastUpdateTime === b.lastUpdateTime && a.locked === b.locked

export interface Learning {
  readonly manifests: readonly Manifest[]
  readonly bodies: ReadonlyMap<string, Body>
  readonly before: (Pick<Head, 'scannedOn' | 'firstOn'> & { readonly manifests: ReadonlyMap<string, Known> }) | undefined
  /** Epoch seconds. */
  readonly now: number
  /** Epoch seconds of the latest event that says that something happened here. */
  readonly eventOn?: number | undefined
  readonly backlog: 'first-seen' | 'push-time'
}

/**
 * What is known after a listing. The clock of a manifest starts when it is first seen untagged, or at an event since it was last seen otherwise;
 * what was untagged before anybody looked starts as the policy says, also when that says something else than it did. None starts before the push.
 */
export function learn({ manifests, bodies, before, now, eventOn = now, backlog }: Learning): ReadonlyMap<string, Known> {
  const firstOn = before?.firstOn ?? now
  const since = ({ digest, pushedOn = firstOn }: Manifest): number => {
    const known = before ? before.manifests.get(digest)?.since : firstOn
    if (known !== undefined) {
      const untagged = known > firstOn ? known : backlog === 'push-time' ? pushedOn : firstOn
      // What was deleted and pushed again is known from its former life.
      return Math.max(untagged, pushedOn)
    }
    // An event from before the last look is not what has happened since.
    return before && eventOn >= before.scannedOn ? Math.min(now, eventOn) : now
  }
  return new Map(
    manifests.map((manifest) => {
      const body = bodies.get(manifest.digest)
      return [
        manifest.digest,
        { ...(manifest.tags.length === 0 && { since: Math.max(1, since(manifest)) }), ...(typeof body === 'object' && { body }) },
      ]
    }),
  )
}
