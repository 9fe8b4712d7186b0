import type { CoreApi, HookName } from './core-api.ts'
import type { Log } from './host-event.ts'
import { StartError } from './start-error.ts'

/** What the worker promises to the library [azure-functions-nodejs-worker]. */
const CAPABILITIES = [
  'RawHttpBodyBytes',
  'RpcHttpTriggerMetadataRemoved',
  'RpcHttpBodyOnly',
  'IgnoreEmptyValuedRpcHttpHeaders',
  'UseNullableValueDictionaryForHttp',
  'WorkerStatus',
  'TypedDataCollection',
  'HandlesWorkerTerminateMessage',
]

/** The loaded app starts: its appStart hooks, then no more registrations. */
export async function openApp(core: CoreApi, app: string): Promise<void> {
  await runHooks(core, 'appStart', { functionAppDirectory: app })
  const capabilities = await core.model()?.getCapabilities(Object.fromEntries(CAPABILITIES.map((name) => [name, 'true'])))
  if (capabilities?.HttpUri) throw new StartError('binding-unsupported', 'HTTP streams are not supported by the embedded host.')
  core.started()
}

/** The app ends: its appTerminate hooks, whose failure keeps nothing from ending. */
export async function closeApp(core: CoreApi, log: Log): Promise<void> {
  await runHooks(core, 'appTerminate', {}).catch((error: unknown) => {
    log({ level: 'error', category: 'host', message: 'A hook at the end of the app failed.', error })
  })
}

async function runHooks(core: CoreApi, name: Extract<HookName, 'appStart' | 'appTerminate'>, context: object): Promise<void> {
  const hookContext = { hookData: {}, appHookData: core.appHookData, ...context }
  for (const hook of core.hooks[name]) await hook(hookContext)
}
