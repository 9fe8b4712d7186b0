import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import path from 'node:path'
import { text } from 'node:stream/consumers'

/** Azurite's own well-known account and key [learn: storage-use-azurite]. It opens nothing but this machine's emulator. */
export const WELL_KNOWN_ACCOUNT = 'devstoreaccount1'
export const WELL_KNOWN_KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

export interface AzuriteOptions {
  /** Ports of blob, queue and table; absent: free ones. */
  readonly ports?: readonly [blob: number, queue: number, table: number]
  /** Where it keeps its files; absent: in memory, gone with the process. */
  readonly data?: string
  readonly accounts?: readonly string[]
  /** Root of the installed project, where node_modules is. */
  readonly root: string
}

export interface Azurite {
  readonly pid: number
  readonly process: ChildProcess
  connectionString(account?: string): string
  /** Lets it write its files, then ends it. */
  stop(): Promise<void>
}

/** A port of 127.0.0.1 that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no TCP address')
  return address.port
}

const freePorts = async (): Promise<readonly [number, number, number]> => [await freePort(), await freePort(), await freePort()]

function commandLine(options: AzuriteOptions, ports: readonly number[]): string[] {
  const [blob, queue, table] = ports
  const main = createRequire(path.join(options.root, 'package.json')).resolve('azurite/dist/src/azurite.js')
  return [
    main,
    ...['--silent', '--skipApiVersionCheck', '--disableTelemetry', '--disableProductStyleUrl'],
    ...['--blobHost', '127.0.0.1', '--queueHost', '127.0.0.1', '--tableHost', '127.0.0.1'],
    ...['--blobPort', `${blob}`, '--queuePort', `${queue}`, '--tablePort', `${table}`],
    ...(options.data === undefined ? ['--inMemoryPersistence'] : ['--location', options.data]),
  ]
}

/** Resolves when all three services have said that they listen; rejects with what Azurite said where it ends before. */
async function listening(child: ChildProcess): Promise<void> {
  const { stdout, stderr } = child
  if (!stdout || !stderr) throw new Error('Azurite has no output')
  const complaints = text(stderr)
  let said = ''
  await new Promise<void>((resolve, reject) => {
    stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk
      if (said.match(/successfully listen/g)?.length === 3) resolve()
    })
    child.once('exit', () =>
      complaints.then((words) => reject(new Error(`Azurite did not start: ${(words || said).trim().slice(0, 500)}`))),
    )
  })
}

/** Starts the storage emulator as a process of its own: single-threaded, so it must not share a thread with who measures it. */
export async function startAzurite(options: AzuriteOptions): Promise<Azurite> {
  const ports = options.ports ?? (await freePorts())
  const accounts = options.accounts ?? [WELL_KNOWN_ACCOUNT]
  const child = spawn(process.execPath, commandLine(options, ports), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, AZURITE_ACCOUNTS: accounts.map((name) => `${name}:${WELL_KNOWN_KEY}`).join(';') },
  })
  await listening(child)
  const [blob, queue, table] = ports
  return {
    pid: child.pid ?? -1,
    process: child,
    connectionString: (account = WELL_KNOWN_ACCOUNT) =>
      [
        'DefaultEndpointsProtocol=http',
        `AccountName=${account}`,
        `AccountKey=${WELL_KNOWN_KEY}`,
        `BlobEndpoint=http://127.0.0.1:${blob}/${account}`,
        `QueueEndpoint=http://127.0.0.1:${queue}/${account}`,
        `TableEndpoint=http://127.0.0.1:${table}/${account}`,
      ].join(';'),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}
