import type { Azure, Principal } from '../azure.ts'
import type { Call } from '../provider.ts'
import type { Json, JsonObject } from '../resource.ts'
import type { Operations } from './operations.ts'
import type { Registry } from './registry.ts'

/** What the parts of the engine share. */
export interface Arm {
  readonly azure: Azure
  readonly registry: Registry
  readonly operations: Operations
}

/** A request to ARM whose caller is known. */
export interface ArmRequest {
  readonly method: Call['method']
  /** Decoded, without query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly apiVersion: string
  readonly headers: Headers
  readonly body: JsonObject
  readonly caller: Principal
  /** Scheme and host for links in the answer. */
  readonly origin: string
}

export interface ArmResponse {
  readonly status: number
  readonly body?: Json
  readonly headers?: Readonly<Record<string, string>>
}
