import { CRASH_SWEEP_MS, crashSweep } from './sweep/crash-sweep.ts'

/** Processes are killed at moments that the machine's load decides: what is told of a first failure is kept, and it is tried once more. */
jest.retryTimes(1, { logErrorsBeforeRetry: true })

test(
  'the host is killed again and again: every operation ends as asked, each resource is made once, the ledger is right',
  async () => {
    await crashSweep('host')
  },
  CRASH_SWEEP_MS,
)
