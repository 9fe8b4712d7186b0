import type { Azure } from '../azure.ts'
import type { Resource } from '../resource.ts'
import type { Contents } from './contents.ts'
import type { DataRequest, Right } from './data-request.ts'
import { nameUnknown, RegistryError } from './registry-error.ts'
import type { Repository } from './repository.ts'

/** What a handler of the data plane works with, after authorisation and throttling. */
export interface DataCall {
  readonly azure: Azure
  readonly registry: Resource
  readonly contents: Contents
  readonly asked: DataRequest
  readonly request: Request
  readonly query: URLSearchParams
  /** Whether the caller's credentials give a right that the request itself does not ask for. */
  readonly may: (right: Right, repository: string) => boolean
}

/** 404 `NAME_UNKNOWN` otherwise. */
export function repositoryOf({ contents, asked }: DataCall): Repository {
  const repository = contents.repository(asked.repository)
  if (!repository) throw nameUnknown(asked.repository)
  return repository
}

/** At most `limit` bytes of the request's body, else 413. */
export async function bodyOf({ request }: Pick<DataCall, 'request'>, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > limit) throw new RegistryError(413, 'SIZE_INVALID', 'provided length did not match content length', { limit })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** `2021-02-09T18:44:23.0427214Z`: seven digits, as the registry writes times. */
export function shownTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '0000Z')
}

/** `n`, between 1 and `most`. */
export function pageSize(query: URLSearchParams, standard: number, most: number): number {
  const sent = query.get('n')
  if (sent === null || sent === '') return standard
  const n = Number(sent)
  if (!Number.isInteger(n) || n < 1)
    throw new RegistryError(400, 'PAGINATION_NUMBER_INVALID', 'invalid number of results requested', { n: sent.slice(0, 50) })
  return Math.min(n, most)
}

/** Where the next page is, relative as the registry gives it. */
export function nextLink(path: string, query: Readonly<Record<string, string | number>>): Record<string, string> {
  const parameters = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return { Link: `<${path}?${parameters.join('&')}>; rel="next"` }
}
