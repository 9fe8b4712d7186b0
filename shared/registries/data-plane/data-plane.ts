import type { ZodType } from 'zod'
import { ProblemError } from '../../problem.ts'
import { type Body, type Manifest, manifestTypes } from '../../retention/manifest.ts'
import type { RegistryResponse } from './connection.ts'
import type { RegistryAuth } from './registry-auth.ts'
import { refusal } from './registry-error.ts'
import { type Call, type Caller, send } from './retry.ts'
import type { Slots } from './slots.ts'
import {
  bodyFrom,
  catalogPage,
  isLocked,
  manifestFrom,
  manifestPage,
  oneManifest,
  repositoryAttributes,
  secondsOf,
  tagPage,
} from './wire.ts'

export interface RepositoryState {
  readonly manifestCount: number
  readonly tagCount: number
  /** As the registry writes it; compared, never computed with. */
  readonly lastUpdateTime: string
  readonly locked: boolean
}

export interface ManifestPage {
  readonly manifests: readonly Manifest[]
  /** Where the next page begins: hand it back. Absent on the last one. */
  readonly next?: string
}

export interface Tag {
  readonly name: string
  readonly digest: string
  /** Epoch seconds. */
  readonly updatedOn?: number
  readonly locked: boolean
}

/** `spared`: the last look before said to keep it. */
export type Deletion = 'deleted' | 'gone' | 'locked' | 'spared'

/** The data plane of one registry. Every method throws ProblemError; none waits beyond `until`. */
export interface DataPlane {
  /** A page of names; `next` as for manifests. */
  repositories(page?: { next?: string | undefined; limit?: number }): Promise<{ readonly names: readonly string[]; readonly next?: string }>
  /** Undefined: there is no such repository (any more). */
  repository(name: string): Promise<RepositoryState | undefined>
  /** A page in the order of digests, from `next`, or from the first digest after `after`; or of what was pushed last. Undefined: no such repository. */
  manifests(
    name: string,
    page?: { next?: string | undefined; after?: string | undefined; newestFirst?: true; limit?: number },
  ): Promise<ManifestPage | undefined>
  manifest(name: string, digest: string): Promise<Manifest | undefined>
  /** What its body says of others. */
  body(name: string, digest: string): Promise<Body>
  /** Deletes by digest, with all tags. `lastLook` runs when the call's turn has come, right before it. */
  remove(name: string, digest: string, lastLook: () => Promise<boolean>): Promise<Deletion>
  tags(
    name: string,
    page?: { next?: string | undefined; limit?: number },
  ): Promise<{ readonly tags: readonly Tag[]; readonly next?: string } | undefined>
  /** Something is held back at the moment. */
  isThrottling(): boolean
}

/** In place of an answer that cannot be missing. */
const NOTHING: RegistryResponse = { status: 0, headers: {}, body: Buffer.alloc(0) }
const LARGEST_PAGE = 1000
const LIST_LIMIT = 64 * 1024 * 1024
/** A manifest may have 4 MiB. */
const MANIFEST_LIMIT = 5 * 1024 * 1024
const SMALL_LIMIT = 1024 * 1024
const ANY_MANIFEST = manifestTypes.join(', ')

export interface DataPlaneParts {
  readonly caller: Caller
  readonly auth: RegistryAuth
  readonly reads: Slots
  readonly deletes: Slots
  /** Calls that were sent, by kind. */
  readonly count?: (method: Call['method']) => void
}

export function createDataPlane({ caller, auth, reads, deletes, count }: DataPlaneParts, until: number): DataPlane {
  /** A token that was refused is renewed once. Undefined: `lastLook` said to leave it be. */
  async function authorised(call: Omit<Call, 'until'>, repository: string | undefined, lastLook = async () => true) {
    for (let renewed = false; ; renewed = true) {
      let used = ''
      const prepare = async () => {
        used = await auth.header(repository)
        if (!(await lastLook())) return undefined
        count?.(call.method)
        return { Authorization: used }
      }
      const answer = await send(caller, { ...call, until }, prepare)
      if (answer?.status !== 401 || renewed) return answer
      auth.refused(repository, used)
    }
  }

  const get = async (path: string, repository: string | undefined, limit: number, accept = 'application/json') =>
    (await authorised({ method: 'GET', category: 'read', path, headers: { Accept: accept }, limit }, repository)) ?? NOTHING

  async function read<T>(path: string, repository: string | undefined, limit: number, schema: ZodType<T>, what: string) {
    // Bodies by the thousand may stand in line, and what a list tells is what there is to do next.
    const answer = await reads(() => get(path, repository, limit), 'urgent')
    if (answer.status === 404) return undefined
    if (answer.status !== 200) throw refusal(answer, what)
    const parsed = schema.safeParse(jsonOf(answer.body))
    if (!parsed.success) throw strange(what)
    return { value: parsed.data, next: nextOf(answer) }
  }

  async function singleManifest(name: string, digest: string): Promise<Manifest | undefined> {
    const path = `${acr(name)}/_manifests/${encodeURIComponent(digest)}`
    const page = await read(path, name, SMALL_LIMIT, oneManifest, 'show a manifest')
    return page && manifestFrom(page.value.manifest)
  }

  return {
    async repositories({ next, limit = LARGEST_PAGE } = {}) {
      const page = await read(
        checked(next, '/acr/v1/_catalog') ?? `/acr/v1/_catalog?n=${limit}`,
        undefined,
        LIST_LIMIT,
        catalogPage,
        'list its repositories',
      )
      return { names: page?.value.repositories ?? [], ...(page?.next !== undefined && { next: page.next }) }
    },

    async repository(name) {
      const page = await read(acr(name), name, SMALL_LIMIT, repositoryAttributes, 'show a repository')
      if (!page) return undefined
      const { manifestCount = -1, tagCount = -1, lastUpdateTime = '', changeableAttributes } = page.value
      return { manifestCount, tagCount, lastUpdateTime, locked: isLocked(changeableAttributes) }
    },

    async manifests(name, { next, after, newestFirst, limit = LARGEST_PAGE } = {}) {
      const from = after === undefined ? '' : `&last=${encodeURIComponent(after)}`
      const start = `${acr(name)}/_manifests?n=${limit}${from}${newestFirst ? '&orderby=timedesc' : ''}`
      const page = await read(checked(next, `${acr(name)}/_manifests`) ?? start, name, LIST_LIMIT, manifestPage, 'list manifests')
      if (!page) return undefined
      return { manifests: (page.value.manifests ?? []).map(manifestFrom), ...(page.next !== undefined && { next: page.next }) }
    },

    manifest: singleManifest,

    async body(name, digest) {
      const answer = await reads(() => get(`${v2(name)}/manifests/${digest}`, name, MANIFEST_LIMIT, ANY_MANIFEST))
      if (answer.status === 200) return bodyFrom(answer.body.toString())
      // A ghost is listed and nothing else; a body that is lost while the registry still vouches for the manifest is another matter.
      if (answer.status === 404) return (await singleManifest(name, digest)) ? 'unreadable' : 'gone'
      if (answer.status === 401 || answer.status === 408 || answer.status >= 500) throw refusal(answer, 'show a manifest')
      return 'unreadable'
    },

    remove: (name, digest, lastLook) =>
      deletes(async () => {
        const call = {
          method: 'DELETE',
          category: 'delete',
          path: `${v2(name)}/manifests/${digest}`,
          headers: {},
          limit: SMALL_LIMIT,
        } as const
        const answer = await authorised(call, name, lastLook)
        if (!answer) return 'spared'
        if (answer.status === 404) return 'gone'
        if (answer.status === 405) return 'locked'
        if (answer.status >= 200 && answer.status < 300) return 'deleted'
        throw refusal(answer, 'delete a manifest')
      }),

    async tags(name, { next, limit = LARGEST_PAGE } = {}) {
      const page = await read(
        checked(next, `${acr(name)}/_tags`) ?? `${acr(name)}/_tags?n=${limit}`,
        name,
        LIST_LIMIT,
        tagPage,
        'list tags',
      )
      if (!page) return undefined
      const tags = (page.value.tags ?? []).map(({ name, digest, lastUpdateTime, changeableAttributes }) => {
        const updatedOn = secondsOf(lastUpdateTime)
        return { name, digest, locked: isLocked(changeableAttributes), ...(updatedOn !== undefined && { updatedOn }) }
      })
      return { tags, ...(page.next !== undefined && { next: page.next }) }
    },

    isThrottling: () => caller.throttle.isThrottling(),
  }
}

const acr = (name: string) => `/acr/v1/${encodeURIComponent(name)}`
const v2 = (name: string) => `/v2/${name}`

/** The path of `Link: </acr/v1/…>; rel="next"`. */
function nextOf({ headers: { link } }: RegistryResponse): string | undefined {
  return typeof link === 'string' ? /^<([^>]+)>;\s*rel="?next"?/.exec(link)?.[1] : undefined
}

/** What can be sent as the target of a request. */
const REQUEST_TARGET = /^[!-~]+$/

/** A link is followed only to where it was asked for: it came from outside, or through a caller's hands. */
function checked(next: string | undefined, path: string): string | undefined {
  if (next === undefined) return undefined
  const [place = '', query] = next.split('?', 2)
  if (query !== undefined && decoded(place) === decoded(path) && REQUEST_TARGET.test(next)) return next
  throw new ProblemError({
    code: 'invalid',
    field: 'continuation',
    message: 'continuation: use the one that came with the page before',
    retryable: false,
  })
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return ''
  }
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

const strange = (what: string) =>
  new ProblemError({ code: 'unknown', message: `The registry was asked to ${what} and answered something else.`, retryable: false })
