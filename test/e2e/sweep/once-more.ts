/**
 * Processes are killed at moments that the machine's load decides: what is told of a first failure is kept, and the file's tests are tried once
 * more. Not in a soak, which is there to find what seldom fails.
 */
export function tryOnceMore(): void {
  if (process.env.SLIPWAY_SWEEP_KILLS === undefined) jest.retryTimes(1, { logErrorsBeforeRetry: true })
}
