import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { azuriteCommand, azuriteReady, connectionString } from '../azurite/azurite.ts'
import { type Child, readyLine, startChild } from './child.ts'
import type { DataFolder } from './data-folder.ts'
import type { StartOptions } from './options.ts'
import type { Ports } from './ports.ts'

export interface World {
  readonly api: string
  readonly azure: string
  readonly azureTls: string
  readonly storage: string
  pids(): Readonly<Record<string, number>>
  stop(): Promise<void>
}

export interface WorldOptions {
  readonly root: string
  readonly start: StartOptions
  readonly ports: Ports
  readonly folder: DataFolder
  /** The first key, hashed by the app at its first start. */
  readonly key: string
  readonly say: (line: string) => void
}

/** Storage and Azure side by side, then the host that needs both. Everything that started is ended again when one does not. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const children: Child[] = []
  const stop = async () => {
    for (const child of [...children].reverse()) await child.stop()
  }
  const add = async (starting: Promise<Child>) => {
    children.push(await starting)
  }
  try {
    const grounds = await Promise.allSettled([add(startStorage(options)), add(startAzure(options))])
    const broken = grounds.find((ground) => ground.status === 'rejected')
    if (broken) throw broken.reason
    await add(startHost(options))
  } catch (error) {
    await stop()
    throw error
  }
  const { ports } = options
  return {
    api: `http://127.0.0.1:${ports.api}`,
    azure: `http://127.0.0.1:${ports.azure}`,
    azureTls: `https://127.0.0.1:${ports.azureTls}`,
    storage: connectionString(ports.storage),
    pids: () => Object.fromEntries([['start', process.pid] as const, ...children.map((child) => [child.name, child.pid()] as const)]),
    stop,
  }
}

const inherited = (): Record<string, string> => ({ PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', NODE_NO_WARNINGS: '1' })

function startStorage({ root, ports, folder, say }: WorldOptions): Promise<Child> {
  const { args, env } = azuriteCommand({ root, data: folder.file('storage') }, ports.storage)
  return startChild({ name: 'storage', args, env: { ...inherited(), ...env }, cwd: folder.path, ready: azuriteReady, say })
}

function startAzure({ root, start, ports, folder, say }: WorldOptions): Promise<Child> {
  const args = [path.join(root, 'local/cloud/main.ts'), '--port', `${ports.azure}`, '--tls-port', `${ports.azureTls}`]
  args.push('--data', folder.file('azure'), '--speed', `${start.speed}`, '--seed', `${start.seed}`)
  if (start.faults !== undefined) args.push('--faults', start.faults)
  return startChild({ name: 'azure', args, env: inherited(), cwd: folder.path, ready: readyLine, say })
}

function startHost(options: WorldOptions): Promise<Child> {
  const { root, ports, folder, say } = options
  const settings = folder.file('local.settings.json')
  writeFileSync(settings, JSON.stringify({ IsEncrypted: false, Values: settingsOf(options) }, null, 2), { mode: 0o600 })
  const args = [path.join(root, 'local/host/main.ts'), '--app', root, '--port', `${ports.api}`, '--settings', settings]
  return startChild({ name: 'host', args, env: inherited(), cwd: root, ready: readyLine, say })
}

/** What the simulated Azure wrote down of its landing zone. */
interface LandingZone {
  readonly tenantId: string
  readonly subscriptionId: string
  readonly controlPlane: { readonly clientId: string; readonly clientSecret: string }
}

/** The sample's settings, and what is this world's own. */
function settingsOf({ root, start, ports, folder, key }: WorldOptions): Record<string, string> {
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'))
  const sample: { Values: Record<string, string> } = read(path.join(root, 'local.settings.sample.json'))
  const zone: LandingZone = read(path.join(folder.file('azure'), 'landing-zone.json'))
  return {
    ...sample.Values,
    AzureWebJobsStorage: connectionString(ports.storage),
    SLIPWAY_API_URL: `http://127.0.0.1:${ports.api}`,
    SLIPWAY_AZURE_GATEWAY: `http://127.0.0.1:${ports.azure}`,
    SLIPWAY_SUBSCRIPTION_ID: zone.subscriptionId,
    SLIPWAY_TENANT_ID: zone.tenantId,
    SLIPWAY_CREDENTIAL: 'client-secret',
    AZURE_CLIENT_ID: zone.controlPlane.clientId,
    AZURE_CLIENT_SECRET: zone.controlPlane.clientSecret,
    SLIPWAY_CLOCK_SPEED: `${start.speed}`,
    SLIPWAY_POLLING_SECONDS: `${Math.min(1, Math.max(0.05, 2 / start.speed))}`,
    SLIPWAY_FIRST_KEY: key,
    SLIPWAY_SECRETS_FILE: folder.file('secrets.json'),
  }
}
