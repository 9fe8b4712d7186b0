import path from 'node:path'
import type { Bench } from './bench.ts'
import { type Program, startProgram } from './program.ts'

/** What `npm start -- --json` says when it is ready. */
interface Ready {
  readonly api: string
  readonly key: string
  readonly azure: string
  readonly storage: string
  readonly pids: Readonly<Record<'storage' | 'azure' | 'host', number>>
}

export interface World extends Program<Ready> {
  /** Payload of the answer; throws where it is no success. `path` begins after `/api/`. */
  ask<Payload>(method: string, path: string, body?: unknown): Promise<Payload>
  /** The simulated Azure's own endpoints. */
  azure<Answer>(method: string, path: string, body?: unknown): Promise<Answer>
}

/** Everything that `npm start` starts, on free ports and in a folder of its own. */
export async function startWorld({ root, scratch }: Bench, ...options: readonly string[]): Promise<World> {
  const start = path.join(root, 'local/start.mjs')
  const program = await startProgram<Ready>([start, '--json', '--port', '0', '--data', scratch(), ...options])
  const { api, key, azure } = program.ready
  return {
    ...program,
    ask: async <Payload>(method: string, route: string, body?: unknown) =>
      (await call<{ readonly payload: Payload }>(`${api}/api/${route}`, method, body, { 'x-api-key': key })).payload,
    azure: (method, route, body) => call(`${azure}/${route}`, method, body),
  }
}

async function call<Answer>(url: string, method: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${(await response.text()).slice(0, 500)}`)
  return (await response.json()) as Answer
}
