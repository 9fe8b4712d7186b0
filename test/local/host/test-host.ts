import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build } from 'esbuild'
import type { HostEvent } from '../../../local/host/host-event.ts'
import { type Host, type HostOptions, startHost } from '../../../local/host/start-host.ts'

const made: { folder?: string; host?: Host }[] = []

afterAll(() => {
  for (const { host } of made) host?.kill()
  for (const { folder } of made) if (folder) rmSync(folder, { recursive: true })
})

/** Bundles apps/{name}.ts as the product is bundled, into a folder of its own that vanishes after the tests. */
export async function appFolder(name: string, hostJson: object = {}): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), `host-${name}-`))
  made.push({ folder })
  mkdirSync(path.join(folder, 'dist'))
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, main: 'dist/main.cjs' }))
  writeFileSync(path.join(folder, 'host.json'), JSON.stringify({ version: '2.0', ...hostJson }))
  await build({
    entryPoints: [path.join(__dirname, 'apps', `${name}.ts`)],
    outfile: path.join(folder, 'dist/main.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['@azure/functions-core'],
    logLevel: 'error',
  })
  return folder
}

export interface TestHost extends Host {
  readonly events: readonly HostEvent[]
  /** What the app's handlers have logged, read as JSON. */
  said(): unknown[]
  get(path: string, init?: RequestInit): Promise<Response>
  /** POST /admin/functions/{name}. */
  run(name: string): Promise<Response>
}

/** A host in this process on a free port; killed after the tests if it is still there. */
export async function testHost(options: Partial<HostOptions> & Pick<HostOptions, 'app'>): Promise<TestHost> {
  const events: HostEvent[] = []
  const host = await startHost({ settings: {}, port: 0, log: (event) => events.push(event), ...options })
  made.push({ host })
  const get = (to: string, init?: RequestInit) => fetch(`${host.url}${to}`, init)
  return {
    ...host,
    events,
    said: () => events.filter(({ category }) => category === 'user').map(({ message }): unknown => JSON.parse(message)),
    get,
    run: (name) => get(`/admin/functions/${name}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }),
  }
}
