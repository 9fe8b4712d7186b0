import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Host, startHost } from '../../local/host/start-host.ts'
import { deployApp } from '../deployed-app.ts'

/** The app, bundled as it is deployed, on the embedded host. */
export interface AppHost extends Host {
  /** The folder that is deployed. */
  readonly folder: string
  ask(method: string, path: string, init?: RequestInit): Promise<{ status: number; headers: Headers; text: string; json: Envelope }>
  /** Stops it and removes the folder. */
  end(): Promise<void>
}

interface Envelope {
  readonly code: number
  readonly message: string
  readonly payload: Record<string, unknown>
  readonly error: Record<string, unknown>
}

export async function appHost(settings: (folder: string) => Readonly<Record<string, string>>): Promise<AppHost> {
  const folder = mkdtempSync(path.join(tmpdir(), 'slipway-app-'))
  const app = path.join(folder, 'app')
  deployApp(app)
  const host = await startHost({ app, settings: settings(folder), port: 0, log: () => {} })
  return {
    ...host,
    folder,
    async ask(method, path, init = {}) {
      const response = await fetch(`${host.url}${path}`, { ...init, method })
      const text = await response.text()
      const json = response.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(text) : {}
      return { status: response.status, headers: response.headers, text, json }
    },
    async end() {
      await host.stop()
      rmSync(folder, { recursive: true })
    },
  }
}
