import { readFileSync } from 'node:fs'
import path from 'node:path'
import { until } from '../until.ts'

export interface Answer<Payload = Record<string, unknown>> {
  readonly status: number
  readonly headers: Headers
  readonly code: number
  readonly message: string
  readonly payload: Payload
  readonly error?: {
    readonly code: string
    readonly message: string
    readonly field?: string
    readonly remedy?: string
    readonly action?: string
  }
}

/** What the tests look at in a cluster on the wire. */
export interface WireCluster {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly activationState: string
  readonly errorMessage?: string
  readonly clusterConfiguration: { readonly workers: readonly { count: number; instanceType: string }[] }
  readonly allowedActions: readonly { action: string; allowed: boolean; reason?: string }[]
  readonly [more: string]: unknown
}

export interface WireOperation {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly progress: number
  readonly problem?: {
    readonly code: string
    readonly message: string
    readonly remedy?: string
    readonly action?: string
    readonly scope?: string
  }
}

/** Speaks to the API as the public Terraform provider does: the same headers, JSON both ways, the code in the body decides. */
export class Api {
  readonly #url: string
  readonly key: string
  constructor(world: { readonly api: string; readonly key: string }) {
    this.#url = world.api
    this.key = world.key
  }

  call<Payload>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<Payload>> {
    return this.send(method, path, body === undefined ? undefined : JSON.stringify(body), headers)
  }

  /** As `call`, with a body that need not be JSON. */
  async send<Payload>(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer<Payload>> {
    const response = await fetch(this.#url + path, {
      method,
      headers: { 'x-api-key': this.key, 'hopsai-api-version': 'v1', 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body }),
    })
    const answer = (await response.json()) as Omit<Answer<Payload>, 'status' | 'headers'>
    return { ...answer, status: response.status, headers: response.headers }
  }

  /** As `call`, and again while the host cannot be reached: for tests that kill it. */
  async insist<Payload>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<Payload>> {
    return until(async () => {
      const answer = await this.call<Payload>(method, path, body, headers).catch(() => undefined)
      return answer && answer.status < 500 ? answer : undefined
    }, 60)
  }

  async create(changes: Record<string, unknown> = {}): Promise<string> {
    const answer = await this.insist<{ id: string }>('POST', '/api/clusters', createRequest(changes), {
      'idempotency-key': crypto.randomUUID(),
    })
    if (answer.code >= 300) throw new Error(`create: ${answer.code} ${answer.message}`)
    return answer.payload.id
  }

  async cluster(id: string): Promise<WireCluster | undefined> {
    const answer = await this.insist<{ cluster: WireCluster }>('GET', `/api/clusters/${id}`)
    return answer.code === 404 ? undefined : answer.payload.cluster
  }

  async operations(id: string): Promise<readonly WireOperation[]> {
    return (await this.insist<{ operations: readonly WireOperation[] }>('GET', `/api/clusters/${id}/operations`)).payload.operations
  }
}

/** The request of the README, with changes to the cluster. */
export function createRequest(changes: Record<string, unknown> = {}): { cloudProvider: string; cluster: Record<string, unknown> } {
  const request = JSON.parse(readFileSync(path.resolve(__dirname, '../../docs/examples/create-cluster.json'), 'utf8'))
  return { ...request, cluster: { ...request.cluster, ...changes } }
}
