import { CRASH_SWEEP_MS, crashSweep } from './sweep/crash-sweep.ts'

test(
  'the simulated Azure is killed again and again: every operation ends as asked, each resource is made once, the ledger is right',
  async () => {
    await crashSweep('azure')
  },
  CRASH_SWEEP_MS,
)
