import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const ROOT = path.resolve(__dirname, '..')

/** What `npm start -- --json` says when it is ready. */
interface Ready {
  readonly api: string
  readonly key: string
  readonly azure: string
  readonly azureTls: string
  readonly storage: string
  readonly pids: Readonly<Record<Part, number>>
}

export type Part = 'start' | 'storage' | 'azure' | 'host'

export interface LocalWorld extends Ready {
  readonly data: string
  readonly process: ChildProcess
  /** What it said on standard error so far. */
  said(): string
  /** The process that is the part now: what dies is started again as another one. */
  pid(part: Part): number
  /** Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>
}

/** Starts what `npm start` starts, on free ports and a folder of its own. */
export async function startLocalWorld(...options: readonly string[]): Promise<LocalWorld> {
  const data = mkdtempSync(path.join(tmpdir(), 'slipway-world-'))
  return openLocalWorld(data, '--port', '0', ...options)
}

/** Starts it on a folder that exists. */
export async function openLocalWorld(data: string, ...options: readonly string[]): Promise<LocalWorld> {
  const child = spawn(process.execPath, ['local/start.mjs', '--json', '--data', data, ...options], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk
  })
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const line = await Promise.race([
    once(child.stdout.setEncoding('utf8'), 'data'),
    exited.then((code) => Promise.reject(new Error(`exit code ${code}: ${said}`))),
  ])
  const ready = JSON.parse(`${line[0]}`) as Ready
  return {
    ...ready,
    data,
    process: child,
    said: () => said,
    pid(part) {
      const [latest] = [...said.matchAll(new RegExp(`^${part} is process (\\d+) now`, 'gm'))].slice(-1)
      return latest ? Number(latest[1]) : ready.pids[part]
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT')
      return exited
    },
  }
}

/** Ends it and removes its folder. */
export async function discard(world: LocalWorld | undefined): Promise<void> {
  if (!world) return
  await world.stop()
  rmSync(world.data, { recursive: true, force: true })
}
