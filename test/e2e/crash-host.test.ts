import { CRASH_SWEEP_MS, crashSweep } from './sweep/crash-sweep.ts'

test(
  'the host is killed again and again: every operation ends as asked, each resource is made once, the ledger is right',
  async () => {
    await crashSweep('host')
  },
  CRASH_SWEEP_MS,
)
