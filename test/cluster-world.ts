import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { FaultPlan } from '../local/cloud/fault-plan.ts'
import { type Cloud, startCloud } from '../local/cloud/start-cloud.ts'
import { type Host, startHost } from '../local/host/start-host.ts'
import { freePorts } from '../local/start/free-ports.ts'
import { nameOf } from '../shared/azure/arm-id.ts'
import { realClock } from '../shared/clock.ts'
import type { LedgerState } from '../shared/operations/ledger.ts'
import { resourceLedger } from '../shared/operations/resource-ledger.ts'
import { connectStorage } from '../shared/storage/connection.ts'
import { createTables } from '../shared/storage/tables.ts'
import { ownAzurite } from './azurite.ts'
import { deployApp } from './deployed-app.ts'
import { Api } from './e2e/api.ts'

const KEY = `swk_${'k'.repeat(43)}`

/** Fast, and slow enough to look at a cluster on its way. */
const SPEED = 200

/** The bundled app on the embedded host, and the simulated Azure, in this process. */
export interface ClusterWorld {
  readonly cloud: Cloud
  readonly host: Host
  readonly api: Api
  /** Connection string. */
  readonly storage: string
  /** Names of what the cluster's ledger says there is, sorted; in other states where they are given. */
  ledger(clusterId: string, ...states: readonly LedgerState[]): Promise<readonly string[]>
  /** Names of what the simulated Azure holds beyond its landing zone, sorted. */
  resources(): readonly string[]
  end(): Promise<void>
}

/** `speed`: how many times faster than Azure the simulated one runs. */
export async function clusterWorld({
  speed = SPEED,
  ...options
}: {
  faults?: FaultPlan
  speed?: number
  seed?: number
  /** 0 for any: the simulated Azure over HTTPS, too. */
  tlsPort?: number
} = {}): Promise<ClusterWorld> {
  const folder = mkdtempSync(path.join(tmpdir(), 'slipway-clusters-'))
  const app = path.join(folder, 'app')
  deployApp(app)
  const [cloud, [port = 0], emulator] = await Promise.all([
    startCloud({ dataDir: path.join(folder, 'azure'), speed, ...options }),
    freePorts(1),
    ownAzurite(),
  ])
  const { controlPlane, tenantId, subscriptionId } = cloud.landingZone
  const storage = emulator.connectionString()
  const settings = {
    AzureWebJobsStorage: storage,
    SLIPWAY_API_URL: `http://127.0.0.1:${port}`,
    SLIPWAY_AZURE_GATEWAY: cloud.url,
    SLIPWAY_SUBSCRIPTION_ID: subscriptionId,
    SLIPWAY_TENANT_ID: tenantId,
    SLIPWAY_CREDENTIAL: 'client-secret',
    AZURE_CLIENT_ID: controlPlane.clientId,
    AZURE_CLIENT_SECRET: controlPlane.clientSecret,
    SLIPWAY_CLOCK_SPEED: `${speed}`,
    SLIPWAY_POLLING_SECONDS: '0.05',
    SLIPWAY_FIRST_KEY: KEY,
    SLIPWAY_SECRETS_FILE: path.join(folder, 'secrets'),
  }
  const host = await startHost({ app, settings, port, log: () => {} }).catch(async (error: unknown) => {
    await Promise.all([cloud.stop(), emulator.stop()])
    throw error
  })
  const tables = createTables(connectStorage({ connectionString: storage }), 'slipway')
  const before = new Set(cloud.azure.resources.under(`/subscriptions/${subscriptionId}`).map(({ id }) => id.toLowerCase()))
  return {
    cloud,
    host,
    api: new Api({ api: host.url, key: KEY }),
    storage,
    async ledger(clusterId, ...states) {
      const wanted = states.length > 0 ? states : ['created']
      const entries = await resourceLedger({ tables, clock: realClock }, clusterId, '').list()
      return entries
        .filter(({ state }) => wanted.includes(state))
        .map(({ armId }) => nameOf(armId))
        .sort()
    },
    resources: () =>
      cloud.azure.resources
        .under(`/subscriptions/${subscriptionId}`)
        .filter(({ id }) => !before.has(id.toLowerCase()))
        .map(({ name }) => name)
        .sort(),
    async end() {
      await host.stop()
      await cloud.stop()
      await emulator.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
