import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import { rowKey } from '../storage/row-key.ts'
import { everyRow } from './every-row.ts'
import type { Ledger, LedgerState } from './ledger.ts'
import { operationStore } from './store.ts'

/** The ledger of one subject (a cluster, a backup, an account), as the given operation writes it. */
export function resourceLedger(services: Pick<Services, 'tables' | 'clock'>, subjectId: string, operationId: string): Ledger {
  const { resources } = operationStore(services.tables)

  /** `from`: the states that give way. Any other, and the state itself, stays. */
  async function enter(armId: string, state: LedgerState, from: readonly LedgerState[]): Promise<void> {
    const row = rowKey(armId.toLowerCase())
    for (;;) {
      const stored = await resources.get(subjectId, row)
      if (stored && !from.includes(stored.value.state)) return
      const entry = { armId, operationId, ...stored?.value, state, since: Math.floor(services.clock.now() / 1000) }
      if (await won(stored ? resources.replace(stored, entry) : resources.insert(subjectId, row, entry))) return
    }
  }

  return {
    intend: (armId) => enter(armId, 'intended', ['gone']),
    created: (armId) => enter(armId, 'created', ['intended', 'gone']),
    gone: (armId) => enter(armId, 'gone', ['intended', 'created']),
    list: () => everyRow((page) => resources.list(subjectId, page)),
  }
}

/** Whether the write stands; false where another writer was faster. */
async function won(write: Promise<unknown>): Promise<boolean> {
  try {
    await write
    return true
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'conflict') return false
    throw error
  }
}
