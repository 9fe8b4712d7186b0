import type { Clock } from '../clock.ts'
import type { RetryOptions } from './binding.ts'
import type { Invocation, InvocationResult, LoadedFunction, Runtime } from './runtime.ts'

/**
 * Invokes a function again as its retry policy says; rejects with the last error. Without a policy it is one try.
 * @param signal no more tries once it is aborted: a host that stops does not wait for the next.
 */
export async function invokeWithRetries(
  runtime: Runtime,
  clock: Clock,
  fn: LoadedFunction,
  invocation: Invocation,
  signal: AbortSignal,
): Promise<InvocationResult> {
  const policy = fn.retryOptions
  if (!policy) return runtime.invoke(fn, invocation)
  const { maxRetryCount } = policy
  let error: unknown
  for (let retryCount = 0; ; retryCount += 1) {
    try {
      return await runtime.invoke(fn, { ...invocation, retry: { retryCount, maxRetryCount, ...(retryCount > 0 && { error }) } })
    } catch (thrown) {
      error = thrown
    }
    // -1 means without end.
    if (maxRetryCount >= 0 && retryCount >= maxRetryCount) throw error
    await rest(clock, retryDelay(policy, retryCount), signal)
    if (signal.aborted) throw error
  }
}

function rest(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const cancel = clock.after(milliseconds, () => {
      signal.removeEventListener('abort', wake)
      resolve()
    })
    function wake(): void {
      cancel()
      resolve()
    }
    signal.addEventListener('abort', wake, { once: true })
  })
}

/** Milliseconds between try number `retryCount` (from 0) and the next. */
export function retryDelay(policy: RetryOptions, retryCount: number): number {
  if (policy.strategy === 'fixedDelay') return policy.delayInterval
  // The official host varies the pauses at random; left out here, so that a run can be repeated.
  return Math.min(policy.minimumInterval * 2 ** retryCount, policy.maximumInterval)
}
