import type { Clock } from '../../clock.ts'
import type { RawRequest, RawResponse } from '../extension.ts'
import { json } from '../http/http-response.ts'
import type { ClientLinks } from './client-links.ts'
import type { Engine } from './engine.ts'

/** One request to the durable HTTP API, and everything that its answer needs. */
export interface ApiCall {
  readonly request: RawRequest
  readonly links: ClientLinks
  readonly engine: Engine
  readonly clock: Clock
  /** Of the query string, whatever the name's case. */
  readonly parameter: (name: string) => string | undefined
}

/** Gets the variable parts of the path. */
export type ApiHandler = (call: ApiCall, first: string, second: string) => Promise<RawResponse> | RawResponse

export const empty = (status: number): RawResponse => ({ status })
export const message = (status: number, text: string, details = {}): RawResponse => json(status, { Message: text, ...details })

export const isTrue = (value: string | undefined) => value?.toLowerCase() === 'true'
export const isFalse = (value: string | undefined) => value?.toLowerCase() === 'false'
