/** A binding as the app's library registers it; the options of each type (`queueName`, `schedule`, `route` …) lie beside these. */
export interface Binding {
  /** `httpTrigger`, `queue`, `durableClient` …; compare without regard to case. */
  readonly type: string
  readonly direction: 'in' | 'out'
  readonly name: string
  readonly [option: string]: unknown
}

export function isTrigger(binding: Binding): boolean {
  return binding.direction === 'in' && /trigger$/i.test(binding.type)
}

export function isType(binding: Binding, type: string): boolean {
  return binding.type.toLowerCase() === type.toLowerCase()
}

/** The retry policy of one function (not supported for queue triggers, as on the official host). Spans in milliseconds. */
export type RetryOptions =
  | { readonly strategy: 'fixedDelay'; readonly maxRetryCount: number; readonly delayInterval: number }
  | {
      readonly strategy: 'exponentialBackoff'
      readonly maxRetryCount: number
      readonly minimumInterval: number
      readonly maximumInterval: number
    }
