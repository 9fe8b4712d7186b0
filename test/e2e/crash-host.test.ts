import { CRASH_SWEEP_MS, crashSweep } from './sweep/crash-sweep.ts'
import { tryOnceMore } from './sweep/once-more.ts'

tryOnceMore()

test(
  'the host is killed again and again: every operation ends as asked, each resource is made once, the ledger is right',
  async () => {
    await crashSweep('host')
  },
  CRASH_SWEEP_MS,
)
