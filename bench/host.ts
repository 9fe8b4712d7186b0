import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Azurite, startAzurite } from '../local/azurite/azurite.ts'
import { type App, probeApp } from './app.ts'
import type { Bench } from './bench.ts'
import { type Program, startProgram } from './program.ts'

export type HostProgram = Program<{ readonly url: string }>

/** A storage emulator in memory, ended with the scope. */
export async function startStorage({ root }: Bench): Promise<Azurite & AsyncDisposable> {
  const azurite = await startAzurite({ root })
  return { ...azurite, [Symbol.asyncDispose]: azurite.stop }
}

/** The embedded host as it is started by hand, on any free port. */
export function startHost(
  { root, scratch }: Bench,
  app: App,
  storage: Azurite,
  settings: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<HostProgram> {
  const file = path.join(scratch(), 'local.settings.json')
  writeFileSync(file, JSON.stringify({ Values: { AzureWebJobsStorage: storage.connectionString(), ...settings } }))
  const main = path.join(root, 'local/host/main.ts')
  return startProgram([main, '--app', app.folder, '--port', '0', '--settings', file, '--with-parent'], env)
}

/** Another one for every measurement of the host alone: storage, the probe app, the host. */
export async function withProbe<T>(bench: Bench, measure: (host: HostProgram) => Promise<T>): Promise<T> {
  const app = await probeApp(bench)
  await using storage = await startStorage(bench)
  await using host = await startHost(bench, app, storage)
  return await measure(host)
}
