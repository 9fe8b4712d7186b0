import type { Binding, RetryOptions } from './binding.ts'
import type { TypedData } from './typed-data.ts'

/** A function that the app has registered. */
export interface LoadedFunction {
  readonly name: string
  /** By binding name; the return value's is `$return`. */
  readonly bindings: Readonly<Record<string, Binding>>
  readonly trigger: Binding
  readonly retryOptions?: RetryOptions
  /** By setting `AzureWebJobs.{name}.Disabled`: is listed, but nothing triggers it. */
  readonly disabled: boolean
}

/** Which try of a function with a retry policy this is. */
export interface RetryContext {
  /** 0 on the first try. */
  readonly retryCount: number
  readonly maxRetryCount: number
  /** What the try before has thrown. */
  readonly error?: unknown
}

export interface Invocation {
  readonly trigger: TypedData | undefined
  /** triggerMetadata: what the handler's context shows beside the trigger's data. */
  readonly metadata?: Readonly<Record<string, TypedData>>
  readonly retry?: RetryContext
}

export interface InvocationResult {
  readonly returnValue?: TypedData
  readonly outputs: readonly { readonly name: string; readonly data: TypedData }[]
}

/** The loaded app. */
export interface Runtime {
  /** By name. */
  readonly functions: ReadonlyMap<string, LoadedFunction>
  /**
   * Runs hooks and the handler, gives outputs to their bindings.
   * Rejects with what the handler threw, or with a FunctionTimeoutError when the host's functionTimeout is over.
   */
  invoke(fn: LoadedFunction, invocation: Invocation): Promise<InvocationResult>
}

/** The handler has not ended within functionTimeout of host.json. It cannot be stopped from outside: what it still does, it does unheard. */
export class FunctionTimeoutError extends Error {
  override readonly name = 'FunctionTimeoutError'

  constructor(fn: string, milliseconds: number) {
    super(`Timeout value of ${milliseconds / 1000} s exceeded by function: Functions.${fn}`)
  }
}
