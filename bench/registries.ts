import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import path from 'node:path'
import { productApp } from './app.ts'
import type { Bench } from './bench.ts'
import { type HostProgram, startHost, startStorage } from './host.ts'
import { startProgram } from './program.ts'
import { until } from './wait.ts'

const KEY = `swk_${'b'.repeat(43)}`
/** As from a function in the registry's region. */
const LATENCY_MS = 20

interface CloudReady {
  readonly url: string
  readonly tlsUrl: string
  readonly caPath: string
}

interface Totals {
  readonly listed: number
  readonly deleted: number
  readonly failed: number
}

export interface Group {
  readonly count: number
  readonly tag?: string
  readonly platforms?: number
  readonly format?: 'oci' | 'docker'
}

export interface BenchRegistry {
  readonly name: string
  readonly id: string
  seed(repositories: readonly { readonly name: string; readonly groups: readonly Group[] }[]): Promise<void>
  knobs(knobs: object): Promise<void>
  start(dryRun?: boolean): Promise<string>
  ended(run: string, seconds?: number): Promise<Totals>
}

export interface RegistryBench {
  readonly host: () => HostProgram
  registry(name: string, sku?: 'Standard' | 'Premium'): Promise<BenchRegistry>
  /** What the registries' data planes were asked to read, and what was deleted there, since the simulated Azure began. */
  reads(): Promise<number>
  deletes(): Promise<number>
  /** Kills it and starts another one. */
  restartHost(): Promise<void>
}

/** The product with a simulated registry that is 20 ms away and reached over TLS, each in a process of its own. */
export async function withRegistries<T>(
  bench: Bench,
  settings: Readonly<Record<string, string>>,
  measure: (world: RegistryBench) => Promise<T>,
): Promise<T> {
  const app = await productApp(bench)
  await using storage = await startStorage(bench)
  const data = bench.scratch()
  const main = path.join(bench.root, 'local/cloud/main.ts')
  await using cloud = await startProgram<CloudReady>([main, '--data', data, '--tls-port', '0', '--speed', '1000'])
  const zone = JSON.parse(readFileSync(path.join(data, 'landing-zone.json'), 'utf8')) as LandingZone
  const all = {
    SLIPWAY_AZURE_GATEWAY: cloud.ready.tlsUrl,
    SLIPWAY_SUBSCRIPTION_ID: zone.subscriptionId,
    SLIPWAY_TENANT_ID: zone.tenantId,
    SLIPWAY_CREDENTIAL: 'client-secret',
    AZURE_CLIENT_ID: zone.you.clientId,
    AZURE_CLIENT_SECRET: zone.you.clientSecret,
    SLIPWAY_FIRST_KEY: KEY,
    SLIPWAY_SECRETS_FILE: path.join(bench.scratch(), 'secrets'),
    SLIPWAY_POLLING_SECONDS: '0.1',
    ...settings,
  }
  const launch = () => startHost(bench, app, storage, all, { NODE_EXTRA_CA_CERTS: cloud.ready.caPath })
  let host = await launch()
  try {
    return await measure({
      host: () => host,
      registry: (name, sku = 'Premium') => adopt(() => host.ready.url, cloud.ready.url, zone, { name, sku }),
      reads: () => answered(cloud.ready.url, /registries\/(pullManifest|list\w+|read\w+)$/),
      deletes: () => answered(cloud.ready.url, /registries\/deleteManifest$/, '202'),
      async restartHost() {
        process.kill(host.pid, 'SIGKILL')
        host = await launch()
      },
    })
  } finally {
    await host[Symbol.asyncDispose]()
  }
}

/** How often operations were answered, with one status where it is given. */
async function answered(cloud: string, operations: RegExp, status?: string): Promise<number> {
  const { requests } = (await (await fetch(`${cloud}/_slipway/state`)).json()) as { requests: Record<string, Record<string, number>> }
  const counts = Object.entries(requests).filter(([operation]) => operations.test(operation))
  return counts
    .flatMap(([, byStatus]) => Object.entries(byStatus))
    .reduce((sum, [code, count]) => (status === undefined || code === status ? sum + count : sum), 0)
}

interface LandingZone {
  readonly subscriptionId: string
  readonly tenantId: string
  readonly you: { readonly clientId: string; readonly clientSecret: string }
}

/** Everything is old enough at once, and nothing holds it back. */
const POLICY = {
  mode: 'enforce',
  schedule: null,
  backlog: 'push-time',
  rules: [{ name: 'all', untaggedDays: 0, minimumAgeDays: 0 }],
  brake: { manifests: 1_000_000, share: 1 },
}

async function adopt(
  api: () => string,
  cloud: string,
  zone: LandingZone,
  { name, sku }: { name: string; sku: string },
): Promise<BenchRegistry> {
  const armId = `/subscriptions/${zone.subscriptionId}/resourceGroups/slipway/providers/Microsoft.ContainerRegistry/registries/${name}`
  const token = await ownerToken(cloud, zone)
  const arm = (method: string, body?: object) =>
    ask(`${cloud}${armId}?api-version=2023-07-01`, method, body, { Authorization: `Bearer ${token}` }) as Promise<{
      properties?: { provisioningState?: string }
    }>
  await arm('PUT', { location: 'northeurope', sku: { name: sku }, properties: { adminUserEnabled: true } })
  await until('the registry', async () => ((await arm('GET')).properties?.provisioningState === 'Succeeded' ? true : undefined), {
    everyMs: 10,
    seconds: 10,
  })
  const knob = (method: string, target: string, body: object) => simulated(cloud, name, method, target, body)
  const call = async <Payload>(method: string, target: string, body?: object) =>
    ((await ask(`${api()}/api/${target}`, method, body, { 'x-api-key': KEY })) as { payload: Payload }).payload
  const { registry } = await call<{ registry: { id: string } }>('POST', 'registries', { armId, policy: POLICY })
  const limits = { read: 1_000_000, delete: 1_000_000 }
  await knob('PUT', '/_slipway/knobs', { latencyMs: LATENCY_MS, callsPerMinute: limits })
  return {
    name,
    id: registry.id,
    seed: async (repositories) => {
      await knob('POST', '/_slipway/seed', { repositories })
    },
    knobs: async (knobs) => {
      await knob('PUT', '/_slipway/knobs', { latencyMs: LATENCY_MS, ...knobs })
    },
    start: async (dryRun = false) =>
      (await call<{ run: string }>('POST', `registries/${registry.id}/runs${dryRun ? '?dryRun=true' : ''}`, {})).run,
    ended: (run, seconds = 120) =>
      until(
        'the end of the run',
        async () => {
          const { run: shown } = await call<{ run: { state: string; totals?: Totals; problem?: { message: string } } }>(
            'GET',
            `registries/${registry.id}/runs/${run}`,
          )
          if (shown.problem) throw new Error(shown.problem.message)
          return shown.state === 'pending' || shown.state === 'running' ? undefined : shown.totals
        },
        // More often, and the answers would take a tenth of the host's time from the run.
        { everyMs: 25, seconds },
      ),
  }
}

async function ownerToken(cloud: string, { tenantId, you }: LandingZone): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: you.clientId,
    client_secret: you.clientSecret,
    scope: 'https://management.azure.com/.default',
  })
  const answer = await fetch(`${cloud}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body: form })
  return ((await answer.json()) as { access_token: string }).access_token
}

async function ask(url: string, method: string, body: object | undefined, headers: Readonly<Record<string, string>>): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${(await response.text()).slice(0, 500)}`)
  return response.json()
}

/** The simulator's own endpoints of a registry lie on its host name, which `fetch` cannot be told. */
function simulated(cloud: string, name: string, method: string, target: string, body: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body)
    const headers = { Host: `${name}.azurecr.io`, 'Content-Length': Buffer.byteLength(text) }
    const sent = request(`${cloud}${target}`, { method, headers }, (response) => {
      response.resume().on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`${target}: ${response.statusCode}`))))
    })
    sent.on('error', reject).end(text)
  })
}
