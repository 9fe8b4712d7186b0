import { mkdtempSync, rmSync } from 'node:fs'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDefaultHttpClient, createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline'
import { ClientSecretCredential } from '@azure/identity'
import { type Cloud, type CloudOptions, startCloud } from '../../../local/cloud/start-cloud.ts'

/** Fast enough that no request waits, and a VM is there in a few milliseconds. */
export const TEST_SPEED = 10_000

/** Options of any SDK client that shall not make its tests slow. */
export interface ClientOptions {
  httpClient: HttpClient
  retryOptions: { maxRetries: number; retryDelayInMs: number }
}

export interface TestCloud extends Cloud {
  readonly dataDir: string
  /** For `new SomeClient(credential, subscriptionId, clientOptions)`. */
  readonly clientOptions: ClientOptions
  /** An Owner of the subscription. */
  readonly owner: ClientSecretCredential
  /** The control plane's service principal with its custom role. */
  readonly controlPlane: ClientSecretCredential
  credential(clientId: string, clientSecret: string): ClientSecretCredential
  /** As the Owner (or whoever `token` belongs to), by path and query: what no SDK sends. */
  request(
    method: string,
    path: string,
    init?: { body?: unknown; headers?: Record<string, string>; token?: string | null },
  ): Promise<Response>
  /** The same, with the body as parsed JSON; undefined when there is none. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): ReturnType<typeof answerOf>
  /** Starts again on the same directory, after stop() or kill(). */
  restart(options?: Partial<CloudOptions>): Promise<TestCloud>
}

/** A simulated Azure of its own in a directory of its own. Call `stop()` at the end. */
export async function testCloud(options: Partial<CloudOptions> = {}): Promise<TestCloud> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'slipway-cloud-'))
  const cloud = await startCloud({ speed: TEST_SPEED, ...options, dataDir })
  const { landingZone } = cloud
  const httpClient = simulatorClient(cloud.url)
  const credential = (clientId: string, clientSecret: string) =>
    new ClientSecretCredential(landingZone.tenantId, clientId, clientSecret, { httpClient, disableInstanceDiscovery: true })
  const owner = credential(landingZone.you.clientId, landingZone.you.clientSecret)
  const request: TestCloud['request'] = async (method, path, { body, headers = {}, token } = {}) => {
    const bearer = token === undefined ? (await owner.getToken('https://management.azure.com/.default')).token : token
    return fetch(`${cloud.url}${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...(bearer && { Authorization: `Bearer ${bearer}` }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  }
  return {
    ...cloud,
    dataDir,
    request,
    send: async (method, path, body, headers) => answerOf(await request(method, path, { body, ...(headers && { headers }) })),
    clientOptions: { httpClient, retryOptions: { maxRetries: 0, retryDelayInMs: 1 } },
    owner,
    controlPlane: credential(landingZone.controlPlane.clientId, landingZone.controlPlane.clientSecret),
    credential,
    restart: (changed) => testCloud({ ...options, ...changed, dataDir }),
    async stop() {
      await cloud.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function answerOf(response: Response) {
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
}

/** Sends what is meant for any of Azure's hosts to the simulator, with the host that was meant in the Host header. */
export function simulatorClient(url: string): HttpClient {
  const inner = createDefaultHttpClient()
  const agent = new Agent({ keepAlive: true })
  const simulator = new URL(url)
  return {
    async sendRequest(request) {
      const meant = new URL(request.url)
      const headers = createHttpHeaders(request.headers.toJSON({ preserveCase: true }))
      headers.set('Host', meant.host)
      const response = await inner.sendRequest({
        ...request,
        headers,
        agent,
        url: `${simulator.origin}${meant.pathname}${meant.search}`,
        allowInsecureConnection: true,
      })
      return { ...response, request }
    },
  }
}

/** Waits until `check` holds; fails after `ms` of real time. */
export async function until(check: () => boolean | Promise<boolean>, ms = 5_000): Promise<void> {
  const end = Date.now() + ms
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`Not so after ${ms} ms: ${check}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
