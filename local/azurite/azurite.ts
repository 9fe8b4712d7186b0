import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import path from 'node:path'
import { text } from 'node:stream/consumers'

/** Azurite's own well-known account and key [learn: storage-use-azurite]. It opens nothing but this machine's emulator. */
export const WELL_KNOWN_ACCOUNT = 'devstoreaccount1'
export const WELL_KNOWN_KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

export interface AzuriteOptions {
  /** Where it keeps its files; absent: in memory, gone with the process. */
  readonly data?: string
  readonly accounts?: readonly string[]
  /** Root of the installed project, where node_modules is. */
  readonly root: string
}

export interface Azurite {
  connectionString(account?: string): string
  /** Lets it write its files, then ends it. */
  stop(): Promise<void>
}

export interface Command {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** How Azurite is run by this Node: single-threaded, so in a process of its own. Port 0: any free one. */
export function azuriteCommand(options: AzuriteOptions, ports: readonly number[]): Command {
  const [blob, queue, table] = ports
  const accounts = options.accounts ?? [WELL_KNOWN_ACCOUNT]
  return {
    args: [
      createRequire(path.join(options.root, 'package.json')).resolve('azurite/dist/src/azurite.js'),
      ...['--silent', '--skipApiVersionCheck', '--disableTelemetry', '--disableProductStyleUrl'],
      ...['--blobHost', '127.0.0.1', '--queueHost', '127.0.0.1', '--tableHost', '127.0.0.1'],
      ...['--blobPort', `${blob}`, '--queuePort', `${queue}`, '--tablePort', `${table}`],
      ...(options.data === undefined ? ['--inMemoryPersistence'] : ['--location', options.data]),
    ],
    env: { AZURITE_ACCOUNTS: accounts.map((name) => `${name}:${WELL_KNOWN_KEY}`).join(';') },
  }
}

export function connectionString(ports: readonly number[], account = WELL_KNOWN_ACCOUNT): string {
  const [blob, queue, table] = ports
  return [
    'DefaultEndpointsProtocol=http',
    `AccountName=${account}`,
    `AccountKey=${WELL_KNOWN_KEY}`,
    `BlobEndpoint=http://127.0.0.1:${blob}/${account}`,
    `QueueEndpoint=http://127.0.0.1:${queue}/${account}`,
    `TableEndpoint=http://127.0.0.1:${table}/${account}`,
  ].join(';')
}

/** Resolves with the ports of blob, queue and table when all three listen; rejects with what Azurite said where it ends before. */
export async function azuriteReady(child: ChildProcess): Promise<readonly number[]> {
  const { stdout, stderr } = child
  if (!stdout || !stderr) throw new Error('Azurite has no output')
  const complaints = text(stderr)
  let said = ''
  return new Promise((resolve, reject) => {
    stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk
      const ports = ['Blob', 'Queue', 'Table'].map((service) => listening(service).exec(said)?.[1])
      if (ports.every((port) => port !== undefined)) resolve(ports.map(Number))
    })
    child.once('exit', () =>
      complaints.then((words) => reject(new Error(`Azurite did not start: ${(words || said).trim().slice(0, 500)}`))),
    )
  })
}

const listening = (service: string) =>
  new RegExp(`^Azurite ${service} service is successfully listening at http://127\\.0\\.0\\.1:(\\d+)\\s`, 'm')

/** Starts the storage emulator for a test run. */
export async function startAzurite(options: AzuriteOptions): Promise<Azurite> {
  const { args, env } = azuriteCommand(options, [0, 0, 0])
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env })
  const ports = await azuriteReady(child)
  return {
    connectionString: (account) => connectionString(ports, account),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}
