import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { isTrigger, isType } from './binding.ts'
import type { CoreApi, CoreLogCategory, CoreLogLevel, FunctionCallback, ProgrammingModel, Registration } from './core-api.ts'
import type { Extension } from './extension.ts'
import type { Log } from './host-event.ts'
import { loadedFunction } from './loaded-function.ts'
import { FunctionTimeoutError, type Invocation, type InvocationResult, type LoadedFunction, type Runtime } from './runtime.ts'
import { StartError } from './start-error.ts'
import type { TypedData } from './typed-data.ts'

export interface AppRuntimeOptions {
  readonly core: CoreApi
  readonly settings: Readonly<Record<string, string>>
  readonly clock: Clock
  /** Milliseconds, may be Infinity. */
  readonly functionTimeout: number
  readonly log: Log
  /** Serve the bindings; may be filled after the runtime is made, since extensions need the runtime. */
  readonly extensions: readonly Extension[]
}

/** The runtime over what an app has registered at `core`; the app must be loaded by now. */
export function createRuntime(options: AppRuntimeOptions): Runtime {
  const { core, extensions, log } = options
  const model = core.model()
  if (!model) throw new StartError('app-failed', 'The app does not use @azure/functions version 4: it has set no programming model.')
  const functions = new Map<string, LoadedFunction>()
  for (const { metadata } of core.registrations.values()) functions.set(metadata.name, loadedFunction(metadata, options.settings))

  async function run(fn: LoadedFunction, invocation: Invocation): Promise<InvocationResult> {
    const registration = core.registrations.get(fn.name)
    if (!registration) throw new Error(`Function ${fn.name} is not registered any more.`)
    const response = await callHandler(core, model as ProgrammingModel, registration, coreContext(fn, invocation), log)
    const outputs = response.outputData ?? []
    for (const { name, data } of outputs) await give(fn, name, data)
    const returned = fn.bindings.$return
    if (returned && !isType(returned, 'http') && response.returnValue) await give(fn, '$return', response.returnValue)
    return { outputs, ...(response.returnValue && { returnValue: response.returnValue }) }
  }

  async function give(fn: LoadedFunction, name: string, data: TypedData): Promise<void> {
    const binding = fn.bindings[name]
    const taker = binding && extensions.find((extension) => extension.takes?.(binding))
    if (!binding || !taker?.output) throw new Error(`Nothing takes the output ${name} of function ${fn.name}.`)
    await taker.output(binding, data)
  }

  function inputData(fn: LoadedFunction, trigger: TypedData | undefined): { name: string; data: TypedData | undefined }[] {
    const inputs = []
    for (const [name, binding] of Object.entries(fn.bindings)) {
      if (binding === fn.trigger || isTrigger(binding)) inputs.push({ name, data: trigger })
      else if (binding.direction === 'in') {
        const data = extensions.map((extension) => extension.input?.(binding)).find((input) => input !== undefined)
        inputs.push({ name, data })
      }
    }
    return inputs
  }

  function coreContext(fn: LoadedFunction, { trigger, metadata, retry }: Invocation): CoreContext {
    const invocationId = randomUUID()
    const hex = invocationId.replaceAll('-', '')
    return {
      invocationId,
      metadata: { name: fn.name, bindings: fn.bindings },
      state: undefined,
      request: {
        invocationId,
        functionId: fn.name,
        inputData: inputData(fn, trigger),
        triggerMetadata: metadata ?? {},
        traceContext: { traceParent: `00-${hex}-${hex.slice(16)}-00`, traceState: '', attributes: {} },
        retryContext: retry && {
          retryCount: retry.retryCount,
          maxRetryCount: retry.maxRetryCount,
          ...(retry.error !== undefined && { exception: toException(retry.error) }),
        },
      },
      log: () => undefined,
    }
  }

  return {
    functions,
    invoke: (fn, invocation) => withTimeout(options.clock, options.functionTimeout, fn.name, run(fn, invocation)),
  }
}

interface CoreContext {
  readonly invocationId: string
  readonly metadata: { readonly name: string; readonly bindings: LoadedFunction['bindings'] }
  state: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks' | undefined
  readonly request: object
  log: (level: CoreLogLevel, category: CoreLogCategory, message: string) => void
}

/** The worker's steps of one invocation: arguments, hooks before, handler, hooks after, response. */
async function callHandler(core: CoreApi, model: ProgrammingModel, registration: Registration, context: CoreContext, log: Log) {
  const { appHookData, hooks } = core
  const hookData = {}
  let invocationContext: unknown
  context.log = (level, category, message) => {
    const entry = { level, category, message, hookData, appHookData, invocationContext }
    for (const hook of hooks.log) hook(entry)
    if (entry.level === 'none') return
    log({
      level: entry.level,
      category: category === 'user' ? 'user' : 'host',
      message: entry.message,
      function: context.metadata.name,
      invocationId: context.invocationId,
    })
  }
  const invocation = await model.getInvocationModel(context)
  const { context: libraryContext, inputs } = await invocation.getArguments()
  invocationContext = libraryContext

  const before: {
    hookData: object
    appHookData: object
    invocationContext: unknown
    inputs: unknown[]
    functionCallback: FunctionCallback
  } = { hookData, appHookData, invocationContext, inputs, functionCallback: registration.callback }
  context.state = 'preInvocationHooks'
  for (const hook of hooks.preInvocation) await hook(before)

  const after: typeof before & { result: unknown; error: unknown } = { ...before, result: null, error: null }
  context.state = 'invocation'
  try {
    after.result = await invocation.invokeFunction(libraryContext, before.inputs, before.functionCallback)
  } catch (error) {
    after.error = error
  }
  context.state = 'postInvocationHooks'
  for (const hook of hooks.postInvocation) await hook(after)
  context.state = undefined
  if (after.error != null) throw after.error
  return invocation.getResponse(libraryContext, after.result)
}

function toException(error: unknown): { message: string; source: string; stackTrace: string } {
  return error instanceof Error
    ? { message: error.message, source: '', stackTrace: error.stack ?? '' }
    : { message: String(error), source: '', stackTrace: '' }
}

function withTimeout<T>(clock: Clock, milliseconds: number, fn: string, running: Promise<T>): Promise<T> {
  if (milliseconds === Number.POSITIVE_INFINITY) return running
  return new Promise<T>((resolve, reject) => {
    const cancel = clock.after(milliseconds, () => reject(new FunctionTimeoutError(fn, milliseconds)))
    running.then(resolve, reject).finally(cancel)
  })
}
