import { hostname } from 'node:os'
import { isType } from '../binding.ts'
import { HOST_VERSION } from '../core-api.ts'
import type { Extension, RawResponse } from '../extension.ts'
import type { Log } from '../host-event.ts'
import type { LoadedFunction, Runtime } from '../runtime.ts'
import type { Visit } from './front-door.ts'
import { json } from './http-response.ts'

/** `Waiting`: another host holds the lease of this one's task hub; all else as on the official host. */
export type HostState = 'Starting' | 'Waiting' | 'Running' | 'Stopping'

export interface AdminOptions {
  readonly hostId: string
  readonly url: string
  readonly runtime: Runtime
  readonly extensions: readonly Extension[]
  readonly log: Log
  state(): HostState
  /** Milliseconds since the host was started. */
  uptime(): number
}

const OK: RawResponse = { status: 200 }
const ACCEPTED: RawResponse = { status: 202 }
const NOT_FOUND: RawResponse = { status: 404 }

/** The endpoints below /admin/. All but ping and warmup need the master key. */
export async function answerAdmin(options: AdminOptions, visit: Visit, path: string): Promise<RawResponse> {
  const request = `${visit.method} ${path.toLowerCase()}`
  if (request === 'GET host/ping' || request === 'POST host/ping') return OK
  if (request === 'GET warmup') return warmup(options)
  if (!visit.access.master) return { status: visit.access.known ? 403 : 401 }
  if (request === 'GET host/status') return json(200, hostStatus(options))
  if (request === 'POST host/drain') return ACCEPTED
  if (request === 'GET functions')
    return json(
      200,
      [...options.runtime.functions.values()].map((fn) => describe(options.url, fn)),
    )
  const [, name = '', rest] = /^functions\/([^/]+)(\/status)?$/i.exec(path) ?? []
  const fn = [...options.runtime.functions.values()].find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())
  if (visit.method === 'POST' && name && !rest) return runByHand(options, visit, fn)
  if (visit.method !== 'GET' || !fn) return NOT_FOUND
  return json(200, rest ? { isDisabled: fn.disabled } : describe(options.url, fn))
}

function hostStatus({ hostId, state, uptime }: AdminOptions) {
  return {
    id: hostId,
    state: state(),
    version: HOST_VERSION,
    versionDetails: `${HOST_VERSION} embedded`,
    platformVersion: '',
    instanceId: '',
    computerName: hostname(),
    processUptime: Math.round(uptime()),
    functionAppContentEditingState: 'Unknown',
  }
}

function describe(url: string, fn: LoadedFunction) {
  return {
    name: fn.name,
    href: `${url}/admin/functions/${fn.name}`,
    language: 'node',
    config: { name: fn.name, bindings: Object.values(fn.bindings) },
    isDisabled: fn.disabled,
  }
}

async function runByHand({ extensions, log, runtime }: AdminOptions, visit: Visit, fn: LoadedFunction | undefined): Promise<RawResponse> {
  if (!/^application\/([\w.-]+\+)?json\b/i.test(visit.headers['content-type'] ?? '')) return { status: 415 }
  const input = inputOf(await visit.body())
  if (input === undefined) return { status: 400 }
  if (!fn) return NOT_FOUND
  // An HTTP function is called by its route.
  if (isType(fn.trigger, 'httpTrigger')) return { status: 400 }
  const run = extensions.map((extension) => extension.run?.(fn, input)).find(Boolean) ?? runtime.invoke(fn, { trigger: { string: input } })
  run.catch((error: unknown) => {
    log({ level: 'error', category: 'host', function: fn.name, message: `Executed 'Functions.${fn.name}' (Failed)`, error })
  })
  return ACCEPTED
}

/** `{"input": "…"}`; undefined when the body is no JSON object. */
function inputOf(body: Buffer): string | undefined {
  try {
    const content: unknown = JSON.parse(body.toString('utf8'))
    if (typeof content !== 'object' || content === null) return undefined
    const input = 'input' in content ? content.input : ''
    return typeof input === 'string' ? input : JSON.stringify(input)
  } catch {
    return undefined
  }
}

/** The official host calls warm-up functions on a new instance; this is how to do it by hand. */
async function warmup({ log, runtime }: Pick<AdminOptions, 'log' | 'runtime'>): Promise<RawResponse> {
  await runWarmup(runtime, log)
  return OK
}

/** Runs the app's warm-up functions. One that fails is logged and harms nobody. */
export async function runWarmup(runtime: Runtime, log: Log): Promise<void> {
  for (const fn of runtime.functions.values()) {
    if (fn.disabled || !isType(fn.trigger, 'warmupTrigger')) continue
    await runtime.invoke(fn, { trigger: { json: '{}' } }).catch((error: unknown) => {
      log({ level: 'error', category: 'host', function: fn.name, message: `Executed 'Functions.${fn.name}' (Failed)`, error })
    })
  }
}
