import { type Clock, realClock } from '../clock.ts'
import { closeApp, openApp } from './app-life.ts'
import { createRuntime } from './app-runtime.ts'
import { createCoreApi } from './core-api.ts'
import type { Extension, HostKeys } from './extension.ts'
import { createExtensions } from './extensions.ts'
import { type FunctionSummary, functionSummary } from './function-summary.ts'
import type { Log } from './host-event.ts'
import { hostId } from './host-id.ts'
import { extensionSection, type HostJson, readHostJson } from './host-json.ts'
import { answerAdmin, type HostState, runWarmup } from './http/admin.ts'
import { answer, type FrontDoor } from './http/front-door.ts'
import { homePage } from './http/home-page.ts'
import { send } from './http/http-response.ts'
import { type Listener, listen } from './http/listener.ts'
import { routeTable } from './http/route-table.ts'
import { loadApp } from './load-app.ts'
import type { Runtime } from './runtime.ts'
import { reachStorage, storageConnection } from './storage-account.ts'

export interface HostOptions {
  /** Folder with package.json (`main` = glob of entry points) and host.json. */
  readonly app: string
  /** The app's settings: become its environment as they are (AzureWebJobsStorage, its own settings …). */
  readonly settings: Readonly<Record<string, string>>
  /** Default 7071; 0 for any free port. */
  readonly port?: number
  /** Drives timers, durable timers, time-outs, polling; leases run on the storage account's time. Default: the real one. */
  readonly clock?: Clock
  readonly keys?: HostKeys
  readonly log?: Log
  /** Gives up a start that waits for another host. */
  readonly signal?: AbortSignal
}

export interface Host {
  /** http://127.0.0.1:PORT */
  readonly url: string
  readonly functions: readonly FunctionSummary[]
  /** Resolves when the host has ended: with the error that ended it, or with nothing after `stop` and `kill`. */
  readonly ended: Promise<Error | undefined>
  /** Graceful: listeners stop, running HTTP requests finish, appTerminate hooks (5 s), state is saved, leases are given back. */
  stop(): Promise<void>
  /** As kill -9, for tests in one process: everything stops at once, nothing is saved, no lease is given back. */
  kill(): void
}

/** Milliseconds for the app's appTerminate hooks, as the official host gives. */
const TERMINATE_GRACE = 5_000
/** Milliseconds for running work to end. */
const STOP_GRACE = 30_000

/**
 * Starts a Functions host for one app in this process. Resolves when it is ready: everything listens.
 *
 * Of several hosts over one durable task hub only one works. The others wait: their port answers /admin/host/ping and /admin/host/status
 * (state `Waiting`) and 503 to everything else, since none of their functions could reach the hub. One takes over when the first ends.
 *
 * @throws StartError with a sentence for the user.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const { app, clock = realClock, log = () => undefined, port = 7071, signal } = options
  const started = clock.now()
  const hostJson = readHostJson(app, options.settings)
  const core = createCoreApi(log)
  const extensions: Extension[] = []
  const { promise: ended, resolve: end } = Promise.withResolvers<Error | undefined>()
  let state: HostState = 'Starting'
  let unload = () => {}
  let door: FrontDoor | undefined
  let failure: Error | undefined

  const listener = await listen(port, async (request, response) => {
    const isReady = state === 'Running' || state === 'Stopping' || /^\/admin\/host\/(ping|status)\b/i.test(request.url ?? '')
    if (door && isReady) await answer(door, request, response)
    else send(response, { status: 503, headers: { 'retry-after': '1' } })
  })

  function kill(error?: Error): void {
    state = 'Stopping'
    failure = error
    listener.kill()
    for (const extension of extensions) extension.kill?.()
    unload()
    end(error)
  }
  const abort = () => kill()

  async function stop(): Promise<void> {
    if (state === 'Stopping') return
    state = 'Stopping'
    await within(clock, STOP_GRACE, settle(listener, extensions, log))
    await within(clock, TERMINATE_GRACE, closeApp(core, log))
    unload()
    end(undefined)
  }
  let stopped: Promise<void> | undefined

  try {
    const settings = { ...options.settings, ...hostSettings(app, listener.url) }
    unload = await loadApp(app, core.module, settings)
    await openApp(core, app)
    const runtime = createRuntime({ core, settings, clock, functionTimeout: hostJson.functionTimeout, log, extensions })
    const storage = await reachStorageIfUsed(runtime, settings)
    const context = { runtime, clock, hostJson, settings, storage, hostId: hostId(app, settings), url: listener.url, log }
    const waiting = () => {
      state = 'Waiting'
    }
    extensions.push(...createExtensions({ ...context, ...(options.keys && { keys: options.keys }), waiting, fail: kill }))
    door = {
      keys: options.keys,
      runtime,
      routes: routeTable(runtime.functions.values(), routePrefix(hostJson), log),
      extensions,
      log,
      home: () => homePage(settings),
      admin: (visit, path) => answerAdmin({ ...context, extensions, state: () => state, uptime: () => clock.now() - started }, visit, path),
    }
    signal?.throwIfAborted()
    signal?.addEventListener('abort', abort, { once: true })
    for (const extension of extensions) {
      await extension.start()
      signal?.throwIfAborted()
      if (failure) throw failure
    }
    await runWarmup(runtime, log)
    state = 'Running'
    return {
      url: listener.url,
      functions: [...runtime.functions.values()].map((fn) => functionSummary(fn, routePrefix(hostJson))),
      ended,
      stop: () => (stopped ??= stop()),
      kill: () => kill(),
    }
  } catch (error) {
    kill()
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

/** Requests first: they may still need the extensions. One that cannot stop in good order does not keep the others from it. */
async function settle(listener: Listener, extensions: readonly Extension[], log: Log): Promise<void> {
  await listener.stop()
  for (const extension of extensions.toReversed()) {
    await extension.stop().catch((error: unknown) => {
      log({ level: 'warning', category: 'host', message: `The extension ${extension.name} did not stop in good order.`, error })
    })
  }
}

function hostSettings(app: string, url: string): Record<string, string> {
  return {
    // durable-functions puts this in place of the host in the addresses that it gives to callers.
    WEBSITE_HOSTNAME: new URL(url).host.replace('127.0.0.1', 'localhost'),
    AzureWebJobsScriptRoot: app,
    AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
    FUNCTIONS_WORKER_RUNTIME: 'node',
  }
}

/** An app of HTTP functions alone runs without a storage account. */
async function reachStorageIfUsed(runtime: Runtime, settings: Readonly<Record<string, string>>): Promise<string> {
  const isStateless = [...runtime.functions.values()].every(({ bindings }) =>
    Object.values(bindings).every(({ type }) => /^(http|httpTrigger|eventGridTrigger|warmupTrigger)$/i.test(type)),
  )
  if (isStateless) return settings.AzureWebJobsStorage ?? ''
  const storage = storageConnection(settings, 'AzureWebJobsStorage')
  await reachStorage(storage)
  return storage
}

function routePrefix({ extensions }: HostJson): string {
  const { routePrefix: prefix = 'api' } = extensionSection(extensions, 'http')
  return String(prefix).replace(/^\/+|\/+$/g, '')
}

/** Waits, but not longer than that. */
async function within(clock: Clock, milliseconds: number, work: Promise<void>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const cancel = clock.after(milliseconds, resolve)
  try {
    await Promise.race([work, late])
  } finally {
    cancel()
  }
}
