import type { Binding } from './binding.ts'
import type { Log } from './host-event.ts'
import type { TypedData } from './typed-data.ts'

/** What `@azure/functions` hands to registerFunction. */
export interface FunctionMetadata {
  readonly name: string
  readonly bindings: Readonly<Record<string, Binding>>
  readonly retryOptions?: CoreRetryOptions | undefined
}

export interface CoreRetryOptions {
  readonly retryStrategy: string
  readonly maxRetryCount: number
  readonly delayInterval?: Duration | undefined
  readonly minimumInterval?: Duration | undefined
  readonly maximumInterval?: Duration | undefined
}

interface Duration {
  readonly seconds: number
}

export type FunctionCallback = (...args: unknown[]) => unknown
export type HookCallback = (context: object) => unknown
export type HookName = 'preInvocation' | 'postInvocation' | 'appStart' | 'appTerminate' | 'log'
export type CoreLogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none'
export type CoreLogCategory = 'user' | 'system' | 'customMetric'

/** The library's half of an invocation, contract: getArguments, invokeFunction, getResponse, in this order. */
export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>
  getResponse(
    context: unknown,
    result: unknown,
  ): Promise<{ outputData?: readonly { name: string; data: TypedData }[]; returnValue?: TypedData | null }>
}

export interface ProgrammingModel {
  getInvocationModel(context: object): InvocationModel | Promise<InvocationModel>
  getCapabilities(defaults: Record<string, string>): Promise<Record<string, string>>
}

export interface Registration {
  readonly metadata: FunctionMetadata
  readonly callback: FunctionCallback
}

/** One app's side of `@azure/functions-core`: the module that the libraries require, and what they have told it. */
export interface CoreApi {
  /** What `require('@azure/functions-core')` answers. */
  readonly module: object
  /** By function name, in the order of registration. */
  readonly registrations: ReadonlyMap<string, Registration>
  readonly hooks: Readonly<Record<HookName, readonly HookCallback[]>>
  /** One object for the life of the app, shared by its hooks. */
  readonly appHookData: object
  model(): ProgrammingModel | undefined
  /** From now on nothing can be registered. */
  started(): void
}

class Disposable {
  #onDispose: (() => unknown) | undefined

  constructor(onDispose: () => unknown) {
    this.#onDispose = onDispose
  }

  static from(...disposables: readonly { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const disposable of disposables) disposable.dispose()
    })
  }

  dispose(): unknown {
    const onDispose = this.#onDispose
    this.#onDispose = undefined
    return onDispose?.()
  }
}

/** As the worker marks errors of its own; the library looks for it to tell an old host from a mistake of the app. */
class SystemError extends Error {
  readonly isAzureFunctionsSystemError = true
}

class SystemRangeError extends RangeError {
  readonly isAzureFunctionsSystemError = true
}

/** The versions that the contract was recorded with. */
export const HOST_VERSION = '4.1037.0.0'
const WORKER_VERSION = '3.10.1'

export function createCoreApi(log: Log): CoreApi {
  const registrations = new Map<string, Registration>()
  const hooks: Record<HookName, HookCallback[]> = { preInvocation: [], postInvocation: [], appStart: [], appTerminate: [], log: [] }
  const appHookData = {}
  let model: ProgrammingModel | undefined
  let open = true

  const module = {
    version: WORKER_VERSION,
    hostVersion: HOST_VERSION,
    Disposable,
    registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
      if (!open) throw new SystemError('A function can only be registered during app startup.')
      if (registrations.has(metadata.name)) throw new SystemError(`A function with name "${metadata.name}" has already been registered.`)
      registrations.set(metadata.name, { metadata, callback })
      return new Disposable(() => registrations.delete(metadata.name))
    },
    registerHook(name: string, callback: HookCallback): Disposable {
      if (!isHookName(name)) throw new SystemRangeError(`Unrecognized hook "${name}"`)
      hooks[name].push(callback)
      return new Disposable(() => {
        hooks[name] = hooks[name].filter((other) => other !== callback)
      })
    },
    setProgrammingModel(next: ProgrammingModel): void {
      model = next
    },
    getProgrammingModel: () => model,
    log(level: CoreLogLevel, category: CoreLogCategory, message: string): void {
      if (level !== 'none') log({ level, category: category === 'user' ? 'user' : 'host', message })
    },
  }
  return {
    module,
    registrations,
    hooks,
    appHookData,
    model: () => model,
    started() {
      open = false
    },
  }
}

const HOOK_NAMES: ReadonlySet<string> = new Set<HookName>(['preInvocation', 'postInvocation', 'appStart', 'appTerminate', 'log'])

function isHookName(name: string): name is HookName {
  return HOOK_NAMES.has(name)
}
