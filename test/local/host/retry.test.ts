import { fakeClock } from '../../../local/clock.ts'
import type { RetryOptions } from '../../../local/host/binding.ts'
import { invokeWithRetries, retryDelay } from '../../../local/host/retry.ts'
import type { LoadedFunction, Runtime } from '../../../local/host/runtime.ts'

const trigger = { type: 'timerTrigger', direction: 'in', name: 'timer' } as const
const forever: RetryOptions = { strategy: 'fixedDelay', maxRetryCount: -1, delayInterval: 1_000 }
const fn: LoadedFunction = { name: 'f', bindings: { timer: trigger }, trigger, retryOptions: forever, disabled: false }

test('the pauses of exponential back-off double from the least to the most', () => {
  const policy: RetryOptions = { strategy: 'exponentialBackoff', maxRetryCount: 9, minimumInterval: 2_000, maximumInterval: 8_000 }
  expect([0, 1, 2, 3, 4].map((count) => retryDelay(policy, count))).toEqual([2_000, 4_000, 8_000, 8_000, 8_000])
})

test('a function that would be retried without end ends when the host stops, be it in a try or between two', async () => {
  for (const stopAt of ['try', 'pause'] as const) {
    const stopping = new AbortController()
    const clock = fakeClock()
    const runtime: Runtime = {
      functions: new Map(),
      invoke: async () => {
        if (stopAt === 'try') stopping.abort()
        throw new Error('again')
      },
    }
    const after: typeof clock.after = (ms, wake) => {
      if (stopAt === 'pause') queueMicrotask(() => stopping.abort())
      return clock.after(ms, wake)
    }
    await expect(invokeWithRetries(runtime, { ...clock, after }, fn, { trigger: undefined }, stopping.signal)).rejects.toThrow('again')
  }
})
